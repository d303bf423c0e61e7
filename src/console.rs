//! Door: the review console, pages for browsers on the ministry's own server.
//!
//! Pages are made on the server from [`Desk`] and nothing else; what they show and decide is what the
//! desk knows. Forms are plain (post, redirect, get) and work without JavaScript; `assets/console.js`
//! adds the keyboard and the live view. Nothing that a mail brought is ever markup: templates escape
//! it, and the Content-Security-Policy allows no script and no style but our two files.

mod access_log;
mod account;
mod accounts;
mod assets;
mod chart;
mod decide;
mod delays;
mod draft_view;
mod explain;
mod fields;
mod files;
mod first;
mod groups;
mod live;
mod login;
mod page;
mod presence;
mod proposals;
mod queue;
mod search;
mod server;
mod sign_in;
mod texts;
mod thread;
mod thread_view;
mod verbs;
mod visitor;

pub use server::{Listening, Unlistenable, check};

use crate::config::{Config, OIDC_RETURN};
use crate::people::People;
use crate::report::Report;
use crate::review::Desk;
use crate::search::Search;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};
use presence::Presence;
use std::sync::Arc;

/// Bytes of the largest form: a text far too long for a letter still comes back to whoever typed it.
const LARGEST_FORM: usize = 8 << 20;

/// Bytes of the largest form that brings a file: a little more than a letter may have.
const LARGEST_FILE_FORM: usize = 12 << 20;

/// What the pages are made from.
#[derive(Clone)]
pub struct Console {
    /// The desk.
    pub desk: Desk,
    /// The accounts.
    pub people: People,
    /// What the journal tells.
    pub report: Report,
    /// The search over the history.
    pub search: Search,
    /// What the operator decided.
    pub config: Arc<Config>,
    presence: Arc<Presence>,
}

type Shared = Arc<Console>;

impl Console {
    /// The console of a desk.
    #[must_use]
    pub fn new(desk: Desk, people: People, report: Report, search: Search, config: Arc<Config>) -> Self {
        Self { desk, people, report, search, config, presence: Arc::default() }
    }

    /// Every address of the console, and who answers there.
    fn router(self) -> Router {
        let shared: Shared = Arc::new(self);
        Router::new()
            .route("/", get(queue::home))
            .route("/connexion", get(login::form).post(login::log_in))
            .route("/connexion/fournisseur", get(sign_in::begin))
            .route(OIDC_RETURN, get(sign_in::finish))
            .route("/deconnexion", post(login::log_out))
            .route("/langue", post(login::change_language))
            .route("/fils", get(queue::list))
            .route("/fils/{id}", get(thread::show))
            .route("/fils/{id}/version", get(live::version))
            .route("/fils/{id}/pieces/{message}/{place}", get(files::download))
            .route("/fils/{id}/versions", get(thread::versions))
            .route("/fils/{id}/apercu", post(thread::preview))
            .route("/fils/{id}/joindre", post(decide::attach).layer(DefaultBodyLimit::max(LARGEST_FILE_FORM)))
            .route("/fils/{id}/{verb}", post(decide::decide))
            .route("/recherche", get(search::search))
            .route("/groupes", get(groups::list).post(groups::approve))
            .route("/nouveau", get(first::forms))
            .route("/nouveau/appel", post(first::call))
            .route("/nouveau/lettre", post(first::letter))
            .route("/textes", get(texts::list))
            .route("/textes/{language}/{name}", get(texts::show))
            .route("/textes/{slug}/suspendre", post(texts::suspend))
            .route("/textes/{slug}/reprendre", post(texts::resume))
            .route("/propositions", get(proposals::list).post(proposals::propose))
            .route("/propositions/nouvelle", get(proposals::form))
            .route("/propositions/{id}", get(proposals::show))
            .route("/propositions/{id}/approuver", post(proposals::approve))
            .route("/propositions/{id}/decliner", post(proposals::decline))
            .route("/compte", get(account::show))
            .route("/compte/reglages", post(account::set))
            .route("/compte/motdepasse", post(account::change_password))
            .route("/compte/session", post(account::end_session))
            .route("/comptes", get(accounts::list).post(accounts::add))
            .route("/comptes/personne", get(accounts::show))
            .route("/comptes/{verb}", post(accounts::change))
            .route("/acces", get(access_log::show))
            .route("/acces.csv", get(access_log::download))
            .route("/delais", get(delays::show))
            .route("/delais/questions", get(delays::questions))
            .route("/delais/fichier/{format}", get(delays::download))
            .route("/evenements", get(live::events))
            .route("/aide", get(page::help))
            .route("/statique/theme/{name}", get(assets::theme))
            .route("/statique/{digest}/{name}", get(assets::asset))
            .layer(DefaultBodyLimit::max(LARGEST_FORM))
            .layer(middleware::from_fn_with_state(Arc::clone(&shared), server::with_page))
            .with_state(shared)
    }
}
