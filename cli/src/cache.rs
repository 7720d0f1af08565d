//! Answers of other hosts, kept for the next run: CRLs and certificates of issuers.
//!
//! What is kept is asked for again when it is due: a CRL at its nextUpdate, anything after a day. It
//! is never more than the answer of a host, which is verified like any other, and never a proof of
//! time. OCSP is not kept: every request has a nonce of its own, and an old answer would not answer
//! it. `--offline` reads nothing here.

use imza::algorithm::DigestAlgorithm;
use imza::crypto::digest;
use imza::job::{Fetch, FetchKind};
use imza::limits::Budget;
use imza::revocation::Crl;
use imza::time::UnixTime;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How long anything is kept.
const KEPT: Duration = Duration::from_secs(86_400);

/// A folder with answers, by the digest of the address.
pub(crate) struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// That of the user, where there is a place for it.
    pub(crate) fn of_the_user() -> Option<Self> {
        let named = |name| std::env::var_os(name).map(PathBuf::from);
        let is_absolute = |path: &PathBuf| path.is_absolute();
        let root = named("XDG_CACHE_HOME").filter(is_absolute).or_else(|| {
            named("HOME")
                .filter(is_absolute)
                .map(|home| home.join(".cache"))
        })?;
        Some(Self::in_folder(&root.join("imza")))
    }

    pub(crate) fn in_folder(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    /// The answer to a request, where one is kept that is not due yet.
    pub(crate) fn get(&self, fetch: &Fetch, now: SystemTime) -> Option<Vec<u8>> {
        let path = self.path(fetch)?;
        let file = std::fs::File::open(path).ok()?;
        let metadata = file.metadata().ok()?;
        let written = metadata.modified().ok()?;
        // A clock that was set back makes nothing younger.
        let age = now.duration_since(written).ok()?;
        if age > KEPT || !metadata.is_file() || metadata.len() > fetch.max_bytes {
            return None;
        }
        let mut body = Vec::new();
        file.take(fetch.max_bytes).read_to_end(&mut body).ok()?;
        is_current(fetch.kind, &body, now).then_some(body)
    }

    /// Keeps an answer; that it cannot be kept is no reason to complain.
    pub(crate) fn put(&self, fetch: &Fetch, body: &[u8], now: SystemTime) {
        if let Some(path) = self.path(fetch)
            && is_current(fetch.kind, body, now)
        {
            let _ = self.write(&path, body);
        }
    }

    fn write(&self, path: &Path, body: &[u8]) -> std::io::Result<()> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.folder)?;
        // Whole or not at all, and never through a link that lies there.
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(body)?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    }

    /// Where the answer lies; nowhere for what is not kept.
    fn path(&self, fetch: &Fetch) -> Option<PathBuf> {
        let ending = match fetch.kind {
            FetchKind::Crl => "crl",
            FetchKind::IssuerCertificate => "cer",
            _ => return None,
        };
        if fetch.body.is_some() {
            return None;
        }
        let digest = digest(DigestAlgorithm::Sha256, fetch.url.as_bytes()).ok()?;
        let name: String = digest.iter().map(|octet| format!("{octet:02x}")).collect();
        Some(self.folder.join(format!("{name}.{ending}")))
    }
}

/// Whether what is kept is not due: by the clock of the machine, whatever time is judged at.
fn is_current(kind: FetchKind, body: &[u8], now: SystemTime) -> bool {
    if kind != FetchKind::Crl {
        return !body.is_empty();
    }
    let seconds = now
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let now = UnixTime::from_seconds(i64::try_from(seconds).unwrap_or(i64::MAX));
    match Crl::parse(body, &mut Budget::default()) {
        Ok(crl) => crl.this_update() <= now && crl.next_update().is_some_and(|next| now < next),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use imza::job::UrlOrigin;
    use imza_test_vectors::Pki;
    use imza_test_vectors::crl::{CrlSpec, issue};

    fn fetch(kind: FetchKind, url: &str) -> Fetch {
        Fetch {
            url: url.to_owned(),
            origin: UrlOrigin::Document,
            kind,
            body: None,
            max_bytes: 1 << 20,
            timeout: Duration::from_secs(1),
        }
    }

    /// A CRL that was issued so many seconds ago.
    fn crl(ago: i64, now: SystemTime) -> Vec<u8> {
        let pki = Pki::fixed().unwrap();
        let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap();
        let issued = i64::try_from(since.as_secs()).unwrap() - ago;
        issue(&CrlSpec::new(&pki.root, 1, issued, &[]), &pki.root).unwrap()
    }

    #[test]
    fn what_is_kept_is_had_until_it_is_due() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::in_folder(&folder.path().join("new"));
        let now = SystemTime::now();
        let list = fetch(FetchKind::Crl, "http://a.example/a.crl");
        let octets = crl(60, now);
        assert_eq!(cache.get(&list, now), None);
        cache.put(&list, &octets, now);
        let soon = SystemTime::now();
        assert_eq!(cache.get(&list, soon), Some(octets));
        assert_eq!(
            cache.get(&list, soon + KEPT + Duration::from_secs(60)),
            None
        );
        let other = fetch(FetchKind::Crl, "http://a.example/b.crl");
        assert_eq!(cache.get(&other, soon), None);
        // The same address asked for something else.
        let certificate = fetch(FetchKind::IssuerCertificate, "http://a.example/a.crl");
        assert_eq!(cache.get(&certificate, soon), None);
    }

    #[test]
    fn what_is_old_or_no_crl_is_neither_kept_nor_given() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::in_folder(folder.path());
        let now = SystemTime::now();
        let list = fetch(FetchKind::Crl, "http://a.example/a.crl");
        let year = 366 * 86_400;
        for octets in [
            crl(year, now),
            crl(-3_600, now),
            b"no list".to_vec(),
            Vec::new(),
        ] {
            cache.put(&list, &octets, now);
            assert_eq!(cache.get(&list, SystemTime::now()), None);
            // Nor when somebody else wrote it there.
            std::fs::write(cache.path(&list).unwrap(), &octets).unwrap();
            assert_eq!(cache.get(&list, SystemTime::now()), None);
            std::fs::remove_file(cache.path(&list).unwrap()).unwrap();
        }
    }

    #[test]
    fn answers_to_questions_with_a_nonce_are_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::in_folder(folder.path());
        let now = SystemTime::now();
        for kind in [FetchKind::Ocsp, FetchKind::Timestamp] {
            let mut asked = fetch(kind, "http://a.example/");
            asked.body = Some(vec![1]);
            cache.put(&asked, b"answer", now);
            assert_eq!(cache.get(&asked, SystemTime::now()), None);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn more_than_is_asked_for_is_not_given() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::in_folder(folder.path());
        let mut asked = fetch(FetchKind::IssuerCertificate, "http://a.example/ca.cer");
        cache.put(&asked, &[7; 100], SystemTime::now());
        assert!(cache.get(&asked, SystemTime::now()).is_some());
        asked.max_bytes = 99;
        assert_eq!(cache.get(&asked, SystemTime::now()), None);
    }
}
