//! The IMAP back end (RFC 3501 and 9051), cut by duty.
//!
//! - [`connect`]: network, TLS, greeting, log-in
//! - [`wire`]: one command, one answer, each with a time limit
//! - [`session`]: what is known of the server and of the folder that is open
//! - [`folders`]: which folders are read
//! - [`fetch`] and [`bodies`]: messages after a cursor, and their bytes
//! - [`idle`]: waiting for news
//! - [`append`]: filing a copy
//! - [`flags`]: marking what was answered
//!
//! Of async-imap this uses the reading and parsing of responses. The commands are our own:
//! its FETCH, SELECT and APPEND take a refusal, or a connection that ends, for an empty
//! answer.

mod append;
mod bodies;
mod connect;
mod fetch;
mod flags;
mod folders;
mod idle;
mod session;
mod stream;
mod wire;

pub use session::Session;
