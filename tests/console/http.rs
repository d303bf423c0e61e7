//! A client that sends whatever a test says, byte for byte.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// What came back.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    /// By lower-case name; the last of several.
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

/// A browser without a window: it keeps its session's cookie.
pub struct Client {
    pub port: u16,
    pub cookie: String,
}

impl Client {
    pub fn new(port: u16) -> Self {
        Self { port, cookie: String::new() }
    }

    /// Logged in.
    pub fn of(port: u16, name: &str, password: &str) -> Self {
        let mut client = Self::new(port);
        let answer = client.post("/connexion", &[("nom", name), ("motdepasse", password)], &[]);
        assert_eq!(answer.status, 303, "{}", answer.body);
        client.cookie = answer.headers["set-cookie"].split(';').next().unwrap().to_owned();
        client
    }

    /// The token of the forms of this session.
    pub fn form_token(&self) -> String {
        let page = self.get("/compte").body;
        let at = page.find("name=\"jeton\" value=\"").expect("a form") + 20;
        page[at..].chars().take_while(char::is_ascii_hexdigit).collect()
    }

    pub fn get(&self, path: &str) -> Response {
        self.send("GET", path, &[], "")
    }

    pub fn post(&self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Response {
        let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        let form = [("Content-Type", "application/x-www-form-urlencoded")];
        self.send("POST", path, &[&form[..], headers].concat(), &body.join("&"))
    }

    /// A form with a file in it (RFC 7578).
    pub fn post_file(&self, path: &str, fields: &[(&str, &str)], name: &str, content: &str) -> Response {
        let mut body = String::new();
        for (field, value) in fields {
            body += &format!("--cut\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        }
        let head = format!("form-data; name=\"piece\"; filename=\"{name}\"");
        body += &format!("--cut\r\nContent-Disposition: {head}\r\n\r\n{content}\r\n--cut--\r\n");
        self.send("POST", path, &[("Content-Type", "multipart/form-data; boundary=cut")], &body)
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Response {
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n", self.port);
        if !self.cookie.is_empty() {
            request.push_str(&format!("Cookie: {}\r\n", self.cookie));
        }
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(40))).unwrap();
        // A server that has heard enough closes before the end of what is sent.
        let _ = stream.write_all(request.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or_default();
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        Response { status, headers, body: body.to_owned() }
    }
}
