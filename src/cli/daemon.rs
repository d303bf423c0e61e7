//! The commands that open everything: run, demo, check, init, import, status.

use super::{Context, Stop, client, print, terminal};
use crate::api::{self, Answer, Request};
use crate::app::{self, App, Problem};
use crate::config::{self, Config, Log, LogFormat};
use crate::metrics;
use clap::ArgMatches;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::watch;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

pub(super) fn run(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let config = context.config()?;
    if config.mailbox.since.is_none() {
        return Err(app::since_unset().into());
    }
    log(config.log);
    let once = arguments.get_flag("once");
    // A cron job must not queue behind the daemon; a daemon may follow one that is just ending.
    let patience = if once { Duration::ZERO } else { app::PATIENCE };
    let app = App::open(config, patience)?;
    if once {
        let bar = Bar::new();
        runtime()?.block_on(app.once(&|done, left| bar.at(done, left)))?;
        bar.0.finish_and_clear();
        return Ok(());
    }
    let runtime = runtime()?;
    let done = runtime.block_on(async { app.run(stop_signal()).await });
    // What still hangs on the network is not worth waiting for.
    runtime.shutdown_timeout(Duration::from_millis(500));
    Ok(done?)
}

pub(super) fn demo(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let dir = arguments.get_one::<PathBuf>("dir").cloned().unwrap_or_else(|| PathBuf::from("demo-data"));
    let config = app::demo(&dir)?;
    log(config.log);
    let language = context.wording.language();
    let config = Config { language, console: Some(console(arguments)), ..config };
    let socket = config.data_dir.join(api::SOCKET);
    let app = App::open(config, app::PATIENCE)?;
    // Only somebody who sits before it wants a browser.
    let browse = !arguments.get_flag("no-browser") && std::io::stdout().is_terminal();
    let name = context.wording.text("demo-name");
    let password = app.demo_account(&name)?;
    let runtime = runtime()?;
    let wording = context.wording.clone();
    let done = runtime.block_on(async {
        let console = app.listen().await?;
        let url = console.as_ref().map(|console| console.url()).unwrap_or_default();
        let (ready, dir) = (wait_for(&socket), dir.clone());
        let welcome = async move {
            ready.await;
            match app::write_config(&dir) {
                Ok(path) => {
                    // `cargo run` starts a program that no path leads to by its name alone.
                    let program = std::env::args().next().unwrap_or_else(|| "greffier".to_owned());
                    let values: [(&str, &dyn std::fmt::Display); 6] = [
                        ("config", &path.display()),
                        ("dir", &dir.display()),
                        ("program", &program),
                        ("url", &url),
                        ("name", &name),
                        ("password", &password),
                    ];
                    terminal::say(&wording.with("demo-ready", &values));
                    if browse {
                        // Where there is no browser, the address stands above.
                        let _ = open::that_detached(&url);
                    }
                }
                Err(problem) => {
                    problem.lines(&wording, None).iter().for_each(|line| terminal::complain(line))
                }
            }
        };
        let (done, ()) = tokio::join!(app.run_with(console, stop_signal()), welcome);
        done
    });
    runtime.shutdown_timeout(Duration::from_millis(500));
    Ok(done?)
}

/// The console of the demo: at the port that was asked for, else at the usual one, else at any.
fn console(arguments: &ArgMatches) -> config::Console {
    let loopback = std::net::Ipv4Addr::LOCALHOST;
    let is_free = |port: &u16| std::net::TcpListener::bind((loopback, *port)).is_ok();
    let port = arguments.get_one::<u16>("port").copied();
    let port = port.unwrap_or_else(|| Some(config::CONSOLE_PORT).filter(is_free).unwrap_or_default());
    config::Console { listen: (loopback, port).into(), ..config::Console::default() }
}

async fn wait_for(socket: &Path) {
    while tokio::net::UnixStream::connect(socket).await.is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

pub(super) fn check(context: &Context) -> Result<(), Stop> {
    let config = context.config()?;
    let wording = &context.wording;
    let lines = runtime()?.block_on(app::check(&config, wording));
    let mut worst = 0;
    for line in lines {
        let part = wording.text(line.part);
        match line.found {
            Ok(found) => {
                terminal::say(&wording.with("check-good", &[("part", &part), ("found", &found)]));
            }
            Err(problems) => {
                for problem in problems {
                    terminal::say(&wording.with("check-bad", &[("part", &part), ("problem", &problem)]));
                }
                worst = worst.max(if line.config { 2 } else { 1 });
            }
        }
    }
    if worst == 0 { Ok(()) } else { Err(Stop::Line(wording.text("check-failed"), worst)) }
}

pub(super) fn init(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let dir = arguments.get_one::<PathBuf>("folder").cloned().unwrap_or_default();
    let path = app::init(&dir)?;
    terminal::say(&context.wording.with("init-done", &[("config", &path.display())]));
    Ok(())
}

pub(super) fn import(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let config = context.config()?;
    log(config.log);
    let path = arguments.get_one::<PathBuf>("path").cloned().unwrap_or_default();
    let app = App::open(config, Duration::from_secs(5))?;
    let bar = Bar::new();
    let imported = app.import(&path, arguments.get_flag("draft"), &|done, left| bar.at(done, left))?;
    bar.0.finish_and_clear();
    if arguments.get_flag("json") {
        terminal::say(&print::json(&imported));
    } else {
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("found", &imported.found), ("unreadable", &imported.unreadable)];
        terminal::say(&context.wording.with("import-done", &values));
    }
    Ok(())
}

pub(super) fn status(context: &Context, arguments: &ArgMatches) -> Result<(), Stop> {
    let config = context.config()?;
    let Answer::Status(status) = Context::expect(client::ask(&config, &Request::Status)?)? else {
        return Ok(());
    };
    if arguments.get_flag("json") {
        terminal::say(&print::json(&status));
    } else {
        terminal::say(&print::status(&context.wording, &status));
    }
    Ok(())
}

/// Told by SIGTERM or SIGINT.
fn stop_signal() -> watch::Receiver<bool> {
    use tokio::signal::unix::{SignalKind, signal};
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        let (Ok(mut terminate), Ok(mut interrupt)) =
            (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
        else {
            // Without signals the process can still be killed, which loses nothing.
            return std::future::pending().await;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        let _ = stop.send(true);
        std::future::pending::<()>().await;
    });
    stopped
}

fn runtime() -> Result<tokio::runtime::Runtime, Stop> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Stop::Problem(Problem::Socket(error)))
}

/// Our own lines at the level that the config says; from crates only warnings, for async-imap writes
/// passwords and mail to its trace.
fn log(log: Log) {
    use tracing::level_filters::LevelFilter;
    use tracing_subscriber::Layer as _;
    let ours = LevelFilter::from_level(log.level);
    let filter = Targets::new().with_default(LevelFilter::ERROR).with_target("greffier", ours);
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let layer = match log.format {
        LogFormat::Human => layer.boxed(),
        LogFormat::Json => layer.json().boxed(),
    };
    let _ = tracing_subscriber::registry().with(layer.with_filter(filter)).with(Counting).try_init();
}

/// Counts warnings and errors for whoever watches the daemon, whatever the config lets through.
struct Counting;

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Counting {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        let metadata = event.metadata();
        if metadata.target().starts_with("greffier") {
            metrics::count(metadata.level());
        }
    }
}

/// A bar that moves, where a person watches.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} ({per_sec}, {eta})") {
            bar.set_style(style);
        }
        Self(bar)
    }

    fn at(&self, done: usize, left: usize) {
        self.0.set_length((done + left) as u64);
        self.0.set_position(done as u64);
    }
}
