//! Published lists of signature values: each is asked, one by one.

use imza::algorithm::{DigestAlgorithm, SignatureAlgorithm, ValueEncoding};
use imza::crypto::{Fit, Memo, Message, PublicKey, verify};
use imza::limits::Budget;
use serde::Deserialize;

/// What came out of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    /// Values asked about.
    pub(super) judged: u64,
    /// Values of which no answer could be had.
    pub(super) unsupported: u64,
    /// Called invalid, and accepted.
    pub(super) wrong_accepts: u64,
    /// Called valid, and not accepted.
    pub(super) wrong_rejects: u64,
}

/// A list in the form of Wycheproof; members that are not needed are passed over.
#[derive(Deserialize)]
struct List {
    algorithm: String,
    schema: String,
    #[serde(rename = "testGroups")]
    groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group {
    public_key_der: String,
    sha: Option<String>,
    mgf_sha: Option<String>,
    s_len: Option<u32>,
    tests: Vec<Test>,
}

#[derive(Deserialize)]
struct Test {
    msg: String,
    sig: String,
    result: String,
}

/// Asks about every value of a list.
pub(super) fn ask(list: &[u8]) -> Result<Count, String> {
    let list: List = serde_json::from_slice(list).map_err(|error| error.to_string())?;
    let mut count = Count::default();
    for group in &list.groups {
        let key = PublicKey::from_spki(&octets(&group.public_key_der)?).ok();
        let pair = algorithm(&list, group).zip(key);
        for test in &group.tests {
            count.judged += 1;
            let Some((algorithm, key)) = &pair else {
                count.unsupported += 1;
                continue;
            };
            let (message, value) = (octets(&test.msg)?, octets(&test.sig)?);
            let (mut budget, mut memo) = (Budget::default(), Memo::default());
            let message = Message::Octets(&message);
            match verify(key, *algorithm, message, &value, &mut budget, &mut memo) {
                Ok(Fit::Fits) => count.wrong_accepts += u64::from(test.result == "invalid"),
                Ok(Fit::DoesNotFit) => count.wrong_rejects += u64::from(test.result == "valid"),
                Err(_) => count.unsupported += 1,
            }
        }
    }
    Ok(count)
}

fn algorithm(list: &List, group: &Group) -> Option<SignatureAlgorithm> {
    // `SHA-256`, `SHA-512/256`, `SHA3-256`: as the library spells them, where it knows them.
    let named = |name: &Option<String>| DigestAlgorithm::from_word(name.as_deref()?);
    let encoding = if list.schema.contains("p1363") {
        ValueEncoding::Plain
    } else {
        ValueEncoding::Der
    };
    Some(match list.algorithm.as_str() {
        "ECDSA" => SignatureAlgorithm::Ecdsa {
            digest: named(&group.sha)?,
            encoding,
        },
        "DSA" => SignatureAlgorithm::Dsa {
            digest: named(&group.sha)?,
            encoding,
        },
        "EDDSA" => SignatureAlgorithm::Ed25519,
        "RSASSA-PKCS1-v1_5" => SignatureAlgorithm::RsaPkcs1 {
            digest: named(&group.sha)?,
        },
        "RSASSA-PSS" => SignatureAlgorithm::RsaPss {
            digest: named(&group.sha)?,
            mgf_digest: named(&group.mgf_sha)?,
            salt_length: group.s_len?,
        },
        _ => return None,
    })
}

fn octets(hex: &str) -> Result<Vec<u8>, String> {
    let digits: Option<Vec<u8>> = hex
        .chars()
        .map(|digit| {
            digit
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        })
        .collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0);
    let digits = digits.ok_or_else(|| "not hexadecimal".to_owned())?;
    let (pairs, _) = digits.as_chunks::<2>();
    Ok(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_calls_a_misfit_valid_is_disagreed_with() {
        // RFC 8032 §7.1 test 1, and the same value with its first bit flipped.
        let key = "302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        let good = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";
        let list = |value: &str, result: &str| {
            format!(
                r#"{{"algorithm":"EDDSA","schema":"","testGroups":[{{"publicKeyDer":"{key}",
                "tests":[{{"msg":"","sig":"{value}","result":"{result}"}}]}}]}}"#
            )
        };
        let ask = |value: &str, result: &str| ask(list(value, result).as_bytes()).unwrap();
        let bad = good.replacen("e5", "65", 1);
        let agreed = Count {
            judged: 1,
            ..Count::default()
        };
        assert_eq!(ask(good, "valid"), agreed);
        assert_eq!(ask(&bad, "invalid"), agreed);
        assert_eq!(ask(good, "invalid").wrong_accepts, 1);
        assert_eq!(ask(&bad, "valid").wrong_rejects, 1);
    }
}
