//! What the operator decides about the identity provider (OpenID Connect).

use super::SecretFile;
use super::table::Reader;
use crate::account::Role;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Where a provider sends people back to, behind the console's own address.
pub const RETURN: &str = "/connexion/fournisseur/retour";

/// `[console.oidc]`.
#[derive(Debug, Clone)]
pub struct Oidc {
    /// The provider, as it names itself. HTTPS, but on this machine.
    pub issuer: String,
    /// Under which name it knows the console.
    pub client_id: String,
    /// Where the secret stands that it gave the console.
    pub client_secret: SecretFile,
    /// The console's own address as browsers see it, without a slash at the end.
    pub console_url: String,
    /// What is asked for beside `openid` and `profile`.
    pub scopes: Vec<String>,
    /// The claim with the name under which decisions are recorded.
    pub name_claim: String,
    /// The claim with the groups.
    pub groups_claim: String,
    /// The groups that give each role.
    pub groups_of: BTreeMap<Role, Vec<String>>,
    /// Certificates to trust instead of the system's, PEM.
    pub ca_file: Option<PathBuf>,
}

impl Oidc {
    /// Where the provider sends people back to.
    #[must_use]
    pub fn redirect_url(&self) -> String {
        format!("{}{RETURN}", self.console_url)
    }

    /// The roles that these groups give.
    pub fn roles(&self, groups: &[String]) -> impl Iterator<Item = Role> {
        let given = |named: &Vec<String>| named.iter().any(|group| groups.contains(group));
        self.groups_of.iter().filter(move |(_, named)| given(named)).map(|(role, _)| *role)
    }
}

/// `None` without such a section, or with problems in it.
pub(super) fn read(console: &mut Reader) -> Option<Oidc> {
    let mut section = console.section("oidc");
    if section.is_empty() {
        return None;
    }
    let issuer = section.required_url("issuer");
    let client_id = section.string("client_id");
    if client_id.is_none() {
        section.require("client_id");
    }
    let client_secret = section.secret("client_secret_file");
    if client_secret.is_none() {
        section.require("client_secret_file");
    }
    let console_url = section.required_url("console_url");
    let scopes = section.strings("scopes").unwrap_or_default();
    let name_claim = section.string("name_claim").unwrap_or_else(|| "name".to_owned());
    let groups_claim = section.string("groups_claim").unwrap_or_else(|| "groups".to_owned());
    let ca_file = section.path("ca_file");
    let mut roles = section.section("roles");
    let mut groups_of = BTreeMap::new();
    for role in Role::ALL {
        if let Some(groups) = roles.strings(role.key()) {
            groups_of.insert(role, groups);
        }
    }
    section.finish(roles);
    if groups_of.is_empty() {
        // Nobody could come in.
        section.require("roles");
    }
    console.finish(section);
    Some(Oidc {
        issuer: issuer?,
        client_id: client_id?,
        client_secret: client_secret?,
        console_url: console_url?.trim_end_matches('/').to_owned(),
        scopes,
        name_claim,
        groups_claim,
        groups_of,
        ca_file,
    })
}
