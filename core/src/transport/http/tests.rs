//! Over real sockets of the loopback interface.

use super::*;
use crate::job::FetchKind;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

/// Answers every connection with `handler`, until the test ends.
fn serve(handler: impl Fn(&str, &mut TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = Vec::new();
            let mut octet = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut octet).unwrap_or(0) == 1 {
                head.push(octet[0]);
            }
            handler(&String::from_utf8_lossy(&head), &mut stream);
        }
    });
    address
}

fn say(stream: &mut TcpStream, text: &str) {
    // The client may have hung up: that is what some tests are about.
    let _ = stream.write_all(text.as_bytes());
}

fn ok(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn redirect(status: u16, location: &str) -> String {
    format!(
        "HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
}

fn fetch(url: &str, origin: UrlOrigin) -> Fetch {
    Fetch {
        url: url.to_owned(),
        origin,
        kind: FetchKind::Crl,
        body: None,
        max_bytes: 1 << 20,
        timeout: Duration::from_secs(5),
    }
}

fn configured(url: &str) -> Result<Fetched, FetchFailure> {
    Http::default().fetch(&fetch(url, UrlOrigin::Configuration))
}

fn refused(rule: &str) -> Result<Fetched, FetchFailure> {
    Err(FetchFailure::RefusedUrl(rule.to_owned()))
}

#[test]
fn a_configured_address_on_loopback_is_asked() {
    let address = serve(|head, stream| {
        assert!(head.starts_with("GET /crl HTTP/1.1\r\n"), "{head}");
        say(stream, &ok("list"));
    });
    let mut http = Http::default();
    let answer = http.fetch(&fetch(
        &format!("http://{address}/crl"),
        UrlOrigin::Configuration,
    ));
    assert_eq!(
        answer,
        Ok(Fetched {
            body: b"list".to_vec()
        })
    );
    assert_eq!(http.hosts(), ["127.0.0.1"]);
}

#[test]
fn a_query_is_posted_with_its_media_type() {
    let address = serve(|head, stream| {
        let head = head.to_ascii_lowercase();
        assert!(head.starts_with("post / "), "{head}");
        assert!(
            head.contains("content-type: application/ocsp-request\r\n"),
            "{head}"
        );
        let mut body = [0; 5];
        stream.read_exact(&mut body).unwrap();
        assert_eq!(&body, b"query");
        say(stream, &ok("response"));
    });
    let mut fetch = fetch(&format!("http://{address}/"), UrlOrigin::Configuration);
    fetch.kind = FetchKind::Ocsp;
    fetch.body = Some(b"query".to_vec());
    assert_eq!(
        Http::default().fetch(&fetch).map(|fetched| fetched.body),
        Ok(b"response".to_vec())
    );
}

#[test]
fn a_document_may_not_lead_to_loopback() {
    let address = serve(|_, stream| say(stream, &ok("secret")));
    let mut http = Http::default();
    let mut ask = |url: &str| http.fetch(&fetch(url, UrlOrigin::Document));
    assert_eq!(
        ask(&format!("http://{address}/")),
        refused(&format!("port {}", address.port()))
    );
    assert_eq!(
        ask("http://127.0.0.1/"),
        refused("address 127.0.0.1 is loopback")
    );
    let named = ask("http://localhost/");
    assert!(
        named == refused("address 127.0.0.1 is loopback")
            || named == refused("address ::1 is loopback"),
        "{named:?}"
    );
    // Spellings of numbers that a system's resolver understands.
    for host in ["2130706433", "0x7f.1", "127.1"] {
        let answer = ask(&format!("http://{host}/"));
        assert!(
            matches!(
                &answer,
                Err(FetchFailure::RefusedUrl(rule)) if rule.ends_with("is loopback")
            ) || answer == Err(FetchFailure::Unreachable),
            "{host}: {answer:?}"
        );
    }
    assert_eq!(
        ask("http://10.1.2.3/crl"),
        refused("address 10.1.2.3 is private")
    );
    assert!(matches!(
        ask("file:///etc/passwd"),
        Err(FetchFailure::RefusedUrl(_))
    ));
}

#[test]
fn a_redirect_to_loopback_is_refused() {
    let secret = serve(|_, stream| say(stream, &ok("secret")));
    for (location, rule) in [
        (
            format!("http://{secret}/"),
            format!("port {}", secret.port()),
        ),
        (
            "http://127.0.0.1/".to_owned(),
            "address 127.0.0.1 is loopback".to_owned(),
        ),
        (
            "http://[::1]/".to_owned(),
            "address ::1 is loopback".to_owned(),
        ),
        (
            "http://169.254.169.254/latest/meta-data".to_owned(),
            "address 169.254.169.254 is link-local".to_owned(),
        ),
        ("file:///etc/passwd".to_owned(), "not an address".to_owned()),
        ("ftp://ca.example/".to_owned(), "scheme ftp".to_owned()),
        (
            "http://u:p@ca.example/".to_owned(),
            "credentials in the address".to_owned(),
        ),
    ] {
        let target = location.clone();
        let address = serve(move |_, stream| say(stream, &redirect(302, &target)));
        assert_eq!(
            configured(&format!("http://{address}/")),
            refused(&rule),
            "{location}"
        );
    }
}

#[test]
fn redirects_of_the_configured_host_are_followed_three_times() {
    let address = serve(|head, stream| {
        let step: u32 = head
            .trim_start_matches("GET /")
            .split(' ')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        let answer = if step == 0 {
            ok("end")
        } else {
            redirect(302, &format!("/{}", step - 1))
        };
        say(stream, &answer);
    });
    let three = configured(&format!("http://{address}/3"));
    assert_eq!(three.map(|fetched| fetched.body), Ok(b"end".to_vec()));
    let four = configured(&format!("http://{address}/4"));
    assert_eq!(four, refused("more than 3 redirects"));
}

#[test]
fn a_query_is_not_turned_into_a_get() {
    let address = serve(|_, stream| say(stream, &redirect(302, "/other")));
    let mut fetch = fetch(&format!("http://{address}/"), UrlOrigin::Configuration);
    fetch.body = Some(vec![1]);
    assert_eq!(
        Http::default().fetch(&fetch),
        Err(FetchFailure::Status(302))
    );
}

#[test]
fn an_answer_of_a_gigabyte_is_cut_at_the_cap() {
    // Announced, and not even read.
    let announced = serve(|_, stream| {
        say(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n",
        );
    });
    assert_eq!(
        configured(&format!("http://{announced}/")),
        Err(FetchFailure::TooLarge)
    );
    // Not announced: the server writes until the client hangs up.
    let (sender, written) = std::sync::mpsc::channel();
    let endless = serve(move |_, stream| {
        say(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        let chunk = vec![0; 1 << 16];
        let mut sent = 0u64;
        while sent < 1 << 30 && stream.write_all(&chunk).is_ok() {
            sent += 1 << 16;
        }
        let _ = sender.send(sent);
    });
    assert_eq!(
        configured(&format!("http://{endless}/")),
        Err(FetchFailure::TooLarge)
    );
    let sent = written.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(sent < 64 << 20, "{sent} octets left the server");
}

#[test]
fn a_slow_answer_ends_at_the_timeout() {
    let drip = serve(|_, stream| {
        say(stream, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
        for _ in 0..100 {
            if stream
                .write_all(b"x")
                .and_then(|()| stream.flush())
                .is_err()
            {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    let silent = serve(|_, _| std::thread::sleep(Duration::from_secs(20)));
    for address in [drip, silent] {
        let mut fetch = fetch(&format!("http://{address}/"), UrlOrigin::Configuration);
        fetch.timeout = Duration::from_millis(400);
        let started = Instant::now();
        assert_eq!(Http::default().fetch(&fetch), Err(FetchFailure::TimedOut));
        assert!(started.elapsed() < Duration::from_secs(3));
    }
}

#[test]
fn what_is_no_answer_is_a_failure() {
    let missing = serve(|_, stream| {
        say(
            stream,
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        );
    });
    assert_eq!(
        configured(&format!("http://{missing}/")),
        Err(FetchFailure::Status(404))
    );
    let garbage = serve(|_, stream| say(stream, "220 mail.example ESMTP\r\n\r\n"));
    assert!(matches!(
        configured(&format!("http://{garbage}/")),
        Err(FetchFailure::WrongContent | FetchFailure::Unreachable)
    ));
    let cut = serve(|_, stream| say(stream, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"));
    assert!(configured(&format!("http://{cut}/")).is_err());
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    assert_eq!(
        configured(&format!("http://{closed}/")),
        Err(FetchFailure::Unreachable)
    );
}

#[test]
fn the_caps_of_a_job_hold_over_its_exchanges() {
    let address = serve(|_, stream| say(stream, &ok("0123456789")));
    let ask = fetch(&format!("http://{address}/"), UrlOrigin::Configuration);
    let mut http = Http::new(Caps {
        requests: 2,
        ..Caps::default()
    });
    assert!(http.fetch(&ask).is_ok());
    assert!(http.fetch(&ask).is_ok());
    assert_eq!(http.fetch(&ask), Err(FetchFailure::CapReached));

    let mut http = Http::new(Caps {
        bytes: 15,
        ..Caps::default()
    });
    assert!(http.fetch(&ask).is_ok());
    assert_eq!(http.fetch(&ask), Err(FetchFailure::TooLarge));

    let mut http = Http::new(Caps {
        time: Duration::ZERO,
        ..Caps::default()
    });
    assert!(matches!(
        http.fetch(&ask),
        Err(FetchFailure::CapReached | FetchFailure::TimedOut)
    ));
}

#[test]
fn loopback_documents_are_a_dangerous_choice() {
    let address = serve(|_, stream| say(stream, &ok("list")));
    let mut http = danger::http_with_loopback_documents(Caps::default());
    let mut ask = |url: &str| http.fetch(&fetch(url, UrlOrigin::Document));
    assert!(ask(&format!("http://{address}/")).is_ok());
    assert_eq!(
        ask("http://10.0.0.1/"),
        refused("address 10.0.0.1 is private")
    );
    assert_eq!(ask("http://ca.example:8080/"), refused("port 8080"));
}
