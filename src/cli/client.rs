//! Asks the daemon, or the store itself where no daemon runs.

use crate::api::{self, Answer, Request};
use crate::app::{App, Problem};
use crate::config::Config;
use std::time::{Duration, Instant};

/// How long a daemon that is starting, or another command, may keep us waiting.
const PATIENCE: Duration = Duration::from_secs(5);

/// The answer to one request.
///
/// # Errors
/// If neither the daemon nor the store can be reached.
pub(super) fn ask(config: &Config, request: &Request) -> Result<Answer, Problem> {
    let socket = config.data_dir.join(api::SOCKET);
    let start = Instant::now();
    loop {
        match api::ask(&socket, request) {
            Ok(Some(answer)) => return Ok(answer),
            Ok(None) => {}
            Err(error) => return Err(Problem::Socket(error)),
        }
        match App::open(config.clone(), Duration::ZERO) {
            Ok(app) => {
                return Ok(app.local(false).answer(request.clone(), rustix::process::getuid().as_raw()));
            }
            Err(Problem::Store(crate::journal::Fault::Busy)) if start.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(100));
            }
            Err(problem) => return Err(problem),
        }
    }
}
