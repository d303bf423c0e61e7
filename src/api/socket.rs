//! The two ends of the Unix socket.

use super::{Answer, Request};
use std::path::Path;
use tokio::net::UnixListener;

/// Makes the socket for this user only, in place of one that a killed daemon left.
pub(super) fn listen(path: &Path) -> std::io::Result<UnixListener> {
    use std::os::unix::fs::PermissionsExt as _;
    let _ = std::fs::remove_file(path);
    // Bound under another name and renamed once it is closed to others: no moment of openness.
    let beside = path.with_extension("new");
    let _ = std::fs::remove_file(&beside);
    let listener = UnixListener::bind(&beside)?;
    std::fs::set_permissions(&beside, std::fs::Permissions::from_mode(0o600))?;
    std::fs::rename(&beside, path)?;
    Ok(listener)
}

/// Asks the daemon behind the socket at `path`; `None` if nobody listens there.
///
/// # Errors
/// If the conversation breaks off.
pub fn ask(path: &Path, request: &Request) -> std::io::Result<Option<Answer>> {
    use std::io::{BufRead as _, ErrorKind, Write as _};
    let mut stream = match std::os::unix::net::UnixStream::connect(path) {
        Ok(stream) => stream,
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::ConnectionRefused
            ) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let mut line = serde_json::to_vec(request)?;
    line.push(b'\n');
    stream.write_all(&line)?;
    let mut answer = String::new();
    if std::io::BufReader::new(stream).read_line(&mut answer)? == 0 {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(serde_json::from_str(&answer)?))
}
