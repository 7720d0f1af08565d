//! One small HTTP server on the loopback address for all services, honest or not.
//!
//! ```no_run
//! use imza_test_vectors::server::{Behaviour, Server};
//! use imza_test_vectors::time::Clock;
//!
//! let server = Server::start(Clock::System)?;
//! println!("trust {}, ask {}/tsa", server.pki().root.name.rfc4514(), server.url());
//! server.behave("/ocsp", Behaviour::Status(500));
//! # Ok::<(), imza_test_vectors::Error>(())
//! ```
//!
//! It binds to 127.0.0.1 and to nothing else, answers one request a connection, and stops when it is
//! dropped. [`services`](crate::services) says what it serves; [`Behaviour`] how it can misbehave.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::pki::Pki;
use crate::services::{Answer, answer};
use crate::time::Clock;

/// What a path does instead of answering honestly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Behaviour {
    /// Answers honestly, but only after this time.
    Late(Duration),
    /// Answers with these octets, whatever was asked.
    Content(Vec<u8>),
    /// Answers as the services did this many seconds ago.
    Stale(i64),
    /// Redirects to itself, for ever.
    RedirectLoop,
    /// Redirects there: `file:///etc/passwd`, a private address, another scheme.
    Redirect(String),
    /// Declares this many octets and sends them, until the client has had enough.
    Huge(u64),
    /// Answers with this status and no body.
    Status(u16),
    /// Closes the connection without an answer.
    Silence,
}

/// A port that is taken, before it is known what is served there.
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
}

impl Bound {
    /// Takes a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When there is none.
    pub fn new() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// The address, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves this PKI, which may carry another address than this one.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn serve(self, pki: Pki, clock: Clock) -> Result<Server> {
        let url = self.url();
        let shared = Arc::new(Shared {
            clock,
            stop: AtomicBool::new(false),
            state: Mutex::new(State {
                pki,
                behaviours: BTreeMap::new(),
                log: Vec::new(),
            }),
        });
        let (listener, ours) = (self.listener, Arc::clone(&shared));
        let accepting = std::thread::Builder::new()
            .name("imza test services".to_owned())
            .spawn(move || accept(&listener, &ours))?;
        Ok(Server {
            url,
            address: self.address,
            shared,
            accepting: Some(accepting),
        })
    }
}

/// The running server; stops when dropped.
pub struct Server {
    url: String,
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

struct Shared {
    clock: Clock,
    stop: AtomicBool,
    state: Mutex<State>,
}

struct State {
    pki: Pki,
    behaviours: BTreeMap<String, Behaviour>,
    log: Vec<String>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

impl Server {
    /// Starts a server with a PKI whose certificates point to it.
    ///
    /// # Errors
    /// When no port is free or no thread can be started.
    pub fn start(clock: Clock) -> Result<Self> {
        let bound = Bound::new()?;
        let pki = Pki::new(&bound.url())?;
        bound.serve(pki, clock)
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The PKI that it serves, as it is now.
    pub fn pki(&self) -> Pki {
        self.shared.state().pki.clone()
    }

    /// Changes the PKI that it serves, for example to revoke somebody.
    pub fn change(&self, change: impl FnOnce(&mut Pki)) {
        change(&mut self.shared.state().pki);
    }

    /// From now on this path (such as `/ocsp`) misbehaves so.
    pub fn behave(&self, path: &str, behaviour: Behaviour) {
        self.shared
            .state()
            .behaviours
            .insert(path.to_owned(), behaviour);
    }

    /// From now on this path is honest again.
    pub fn reform(&self, path: &str) {
        self.shared.state().behaviours.remove(path);
    }

    /// What was asked so far, each as `METHOD path`, in order.
    pub fn requests(&self) -> Vec<String> {
        self.shared.state().log.clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        // Wakes the thread that waits for the next connection.
        drop(TcpStream::connect_timeout(
            &self.address,
            Duration::from_secs(1),
        ));
        if let Some(accepting) = self.accepting.take() {
            drop(accepting.join());
        }
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stopped() {
            return;
        }
        if let Ok(stream) = stream {
            let shared = Arc::clone(shared);
            // A client that went away is its own affair.
            drop(std::thread::Builder::new().spawn(move || drop(serve(&stream, &shared))));
        }
    }
}

struct HttpRequest {
    method: String,
    path: String,
    body: Vec<u8>,
}

fn serve(stream: &TcpStream, shared: &Shared) -> Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.set_write_timeout(Some(Duration::from_secs(10)))?;
    let request = read_request(stream)?;
    let (pki, behaviour) = {
        let mut state = shared.state();
        state
            .log
            .push(format!("{} {}", request.method, request.path));
        (
            state.pki.clone(),
            state.behaviours.get(&request.path).cloned(),
        )
    };
    let honest = |time| answer(&pki, &request.method, &request.path, &request.body, time);
    let now = shared.clock.read();
    let reply = match behaviour {
        None => honest(now),
        Some(Behaviour::Late(delay)) => {
            wait(delay, shared);
            honest(now)
        }
        Some(Behaviour::Content(body)) => Answer {
            body,
            ..honest(now)
        },
        Some(Behaviour::Stale(seconds)) => honest(now - seconds),
        Some(Behaviour::RedirectLoop) => Answer::redirect(&request.path),
        Some(Behaviour::Redirect(location)) => Answer::redirect(&location),
        Some(Behaviour::Huge(length)) => return send_huge(stream, length, shared),
        Some(Behaviour::Status(status)) => Answer::status(status),
        Some(Behaviour::Silence) => return Ok(()),
    };
    send(stream, &reply)
}

/// Sleeps, but not past the end of the server.
fn wait(delay: Duration, shared: &Shared) {
    let slice = Duration::from_millis(10);
    let mut left = delay;
    while !left.is_zero() && !shared.stopped() {
        std::thread::sleep(left.min(slice));
        left = left.saturating_sub(slice);
    }
}

fn read_request(stream: &TcpStream) -> Result<HttpRequest> {
    const LONGEST: u64 = 1 << 20;
    let mut reader = BufReader::new(stream.take(LONGEST));
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else {
        return Err(Error::new("not an HTTP request"));
    };
    let (method, path) = (method.to_owned(), target.to_owned());
    let mut length = 0_u64;
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? == 0 || header.trim().is_empty() {
            break;
        }
        let lower = header.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or_default();
        }
        if lower.starts_with("expect:") {
            (&*stream).write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
    }
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body)?;
    Ok(HttpRequest { method, path, body })
}

fn head(reply: &Answer, length: u64) -> String {
    let location = reply
        .location
        .as_ref()
        .map(|to| format!("Location: {to}\r\n"));
    format!(
        "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {length}\r\n{}\
         Connection: close\r\n\r\n",
        reply.status,
        if reply.status < 300 { "OK" } else { "Not So" },
        reply.media_type,
        location.unwrap_or_default(),
    )
}

fn send(mut stream: &TcpStream, reply: &Answer) -> Result<()> {
    let length = u64::try_from(reply.body.len()).unwrap_or_default();
    stream.write_all(head(reply, length).as_bytes())?;
    stream.write_all(&reply.body)?;
    Ok(stream.flush()?)
}

fn send_huge(mut stream: &TcpStream, length: u64, shared: &Shared) -> Result<()> {
    let reply = Answer {
        media_type: "application/octet-stream",
        ..Answer::status(200)
    };
    stream.write_all(head(&reply, length).as_bytes())?;
    let chunk = [0_u8; 1 << 16];
    let mut left = length;
    while left > 0 && !shared.stopped() {
        let part = usize::try_from(left)
            .unwrap_or(chunk.len())
            .min(chunk.len());
        let Some(octets) = chunk.get(..part) else {
            break;
        };
        stream.write_all(octets)?;
        left -= u64::try_from(part).unwrap_or(left);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::FIXED_TIME;

    /// Asks in the plainest way and gives the whole answer.
    fn ask(server: &Server, method: &str, path: &str, body: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(server.address).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).unwrap();
        reply
    }

    fn text(reply: &[u8]) -> String {
        String::from_utf8_lossy(reply).into_owned()
    }

    #[test]
    fn certificates_point_to_the_server_and_it_answers() {
        let server = Server::start(Clock::Fixed(FIXED_TIME)).unwrap();
        let pki = server.pki();
        assert_eq!(pki.url, server.url());
        let reply = ask(&server, "GET", "/aia/issuing-ca.cer", &[]);
        assert!(
            reply.ends_with(&pki.issuing_ca.certificate),
            "{}",
            text(&reply)
        );
        assert_eq!(server.requests(), ["GET /aia/issuing-ca.cer"]);
    }

    #[test]
    fn whoever_is_revoked_is_revoked_in_the_next_answer() {
        let server = Server::start(Clock::Fixed(FIXED_TIME)).unwrap();
        let before = ask(&server, "GET", "/crl/issuing-ca.crl", &[]);
        let citizen = server.pki().citizen_p384;
        server.change(|pki| pki.revoke(&citizen, FIXED_TIME - 1, None));
        assert_ne!(ask(&server, "GET", "/crl/issuing-ca.crl", &[]), before);
    }

    #[test]
    fn every_misbehaviour_is_as_described() {
        let server = Server::start(Clock::Fixed(FIXED_TIME)).unwrap();
        let path = "/crl/root.crl";
        let honest = ask(&server, "GET", path, &[]);
        for (behaviour, expected) in [
            (Behaviour::Status(500), "HTTP/1.1 500 "),
            (Behaviour::RedirectLoop, "Location: /crl/root.crl\r\n"),
            (
                Behaviour::Redirect("file:///etc/passwd".into()),
                "Location: file:///etc/passwd",
            ),
            (
                Behaviour::Content(b"something else".to_vec()),
                "\r\n\r\nsomething else",
            ),
        ] {
            server.behave(path, behaviour);
            let reply = text(&ask(&server, "GET", path, &[]));
            assert!(reply.contains(expected), "{reply}");
        }
        server.behave(path, Behaviour::Stale(86_400));
        assert!(
            ask(&server, "GET", path, &[])
                .windows(13)
                .any(|w| w == b"260614120000Z")
        );
        server.behave(path, Behaviour::Huge(100_000));
        assert!(ask(&server, "GET", path, &[]).len() > 100_000);
        server.behave(path, Behaviour::Silence);
        assert!(ask(&server, "GET", path, &[]).is_empty());
        server.behave(path, Behaviour::Late(Duration::from_millis(30)));
        let start = std::time::Instant::now();
        assert_eq!(ask(&server, "GET", path, &[]), honest);
        assert!(start.elapsed() >= Duration::from_millis(30));
        server.reform(path);
        assert_eq!(ask(&server, "GET", path, &[]), honest);
    }

    #[test]
    fn a_dropped_server_answers_no_more() {
        let server = Server::start(Clock::System).unwrap();
        let address = server.address;
        drop(server);
        assert!(TcpStream::connect(address).is_err());
    }
}
