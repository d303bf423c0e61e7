//! Edge: the identity provider. OpenID Connect Core 1.0, the authorisation code flow with PKCE (RFC 7636).
//!
//! [`Provider::begin`] gives the address to which a browser is sent, and an [`Attempt`];
//! [`Provider::finish`] takes the attempt with the code that the browser brought back, once, and says who
//! that is. What the provider is and which keys it signs with is asked at each log-in: there is nothing to
//! go stale.

mod http;

use crate::config;
use crate::http::Failed;
use http::Http;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreErrorResponseType, CoreGenderClaim, CoreProviderMetadata,
};
use openidconnect::{
    AdditionalClaims, AuthorizationCode, ClientId, ClientSecret, CsrfToken, DiscoveryError, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, StandardErrorResponse, TokenResponse as _,
    UserInfoClaims,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Why nobody comes in by the provider, cut by what to do.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// It does not answer: try again, or tell the operator.
    #[error("the provider does not answer: {0}")]
    Unreachable(String),
    /// It says no to the code: begin again.
    #[error("the provider refuses the code: {0}")]
    Refused(String),
    /// What it says cannot be believed or understood: the operator's to mend.
    #[error("the provider's answer does not hold: {0}")]
    Unsound(String),
    /// The file of the secret cannot be read.
    #[error("the secret cannot be read: {0}")]
    Secret(std::io::Error),
}

/// Who somebody is, in the provider's signed word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// The provider.
    pub issuer: String,
    /// Its own mark for the person, which never changes.
    pub subject: String,
    /// Their name; `None`: it gives none under the config's claim.
    pub name: Option<String>,
    /// Their groups.
    pub groups: Vec<String>,
}

/// A log-in under way: what must come back with the code.
pub struct Attempt {
    client: Client,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
}

/// A log-in that begins.
pub struct Begun {
    /// Where the browser goes.
    pub url: String,
    /// What comes back beside the code; whoever else brings it is not the one who began.
    pub state: String,
    /// The rest, kept here.
    pub attempt: Attempt,
}

/// The client of a provider that has said where it is to be asked.
type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Whatever a provider says of a person beside the standard.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Others(Map<String, Value>);

impl AdditionalClaims for Others {}

/// The provider of the config.
#[derive(Debug, Clone)]
pub struct Provider {
    settings: config::Oidc,
    http: Http,
}

impl Provider {
    /// The provider that the config names. Nothing is asked of it yet.
    #[must_use]
    pub fn new(settings: config::Oidc) -> Self {
        let http = Http { ca_file: settings.ca_file.clone() };
        Self { settings, http }
    }

    /// What the operator decided about it.
    #[must_use]
    pub fn settings(&self) -> &config::Oidc {
        &self.settings
    }

    /// Asks the provider who it is.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn discover(&self) -> Result<(), Fault> {
        self.client().await.map(drop)
    }

    async fn client(&self) -> Result<Client, Fault> {
        let unsound = |error: openidconnect::url::ParseError| Fault::Unsound(error.to_string());
        let secret = self.settings.client_secret.read().map_err(Fault::Secret)?;
        let issuer = IssuerUrl::new(self.settings.issuer.clone()).map_err(unsound)?;
        let metadata =
            CoreProviderMetadata::discover_async(issuer, &self.http).await.map_err(undiscovered)?;
        let client = CoreClient::from_provider_metadata(
            metadata,
            ClientId::new(self.settings.client_id.clone()),
            Some(ClientSecret::new(secret.expose().to_owned())),
        );
        let back = RedirectUrl::new(self.settings.redirect_url()).map_err(unsound)?;
        Ok(client.set_redirect_uri(back))
    }

    /// Begins a log-in.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn begin(&self) -> Result<Begun, Fault> {
        let client = self.client().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scope(Scope::new("profile".to_owned()))
            .add_scopes(self.settings.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge)
            .url();
        let attempt = Attempt { client, nonce, verifier };
        Ok(Begun { url: url.into(), state: state.into_secret(), attempt })
    }

    /// Ends a log-in: who it is.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn finish(&self, attempt: Attempt, code: String) -> Result<Claims, Fault> {
        let Attempt { client, nonce, verifier } = attempt;
        let request = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| Fault::Unsound(error.to_string()))?
            .set_pkce_verifier(verifier);
        let tokens = request.request_async(&self.http).await.map_err(refused)?;
        let id_token = tokens.id_token().ok_or_else(|| Fault::Unsound("no ID token".to_owned()))?;
        // Signature, issuer, audience, times and nonce.
        let claims = id_token
            .claims(&client.id_token_verifier(), &nonce)
            .map_err(|error| Fault::Unsound(error.to_string()))?;
        let mut said = value(claims);
        said.extend(payload(&id_token.to_string()));
        let wanted = [&self.settings.name_claim, &self.settings.groups_claim];
        if wanted.iter().any(|name| !said.contains_key(*name))
            && let Ok(request) =
                client.user_info(tokens.access_token().clone(), Some(claims.subject().clone()))
        {
            let more: UserInfoClaims<Others, CoreGenderClaim> =
                request.request_async(&self.http).await.map_err(|error| Fault::Unsound(error.to_string()))?;
            for (name, value) in value(&more) {
                said.entry(name).or_insert(value);
            }
        }
        Ok(Claims {
            issuer: claims.issuer().to_string(),
            subject: claims.subject().to_string(),
            name: said.get(&self.settings.name_claim).and_then(Value::as_str).map(str::to_owned),
            groups: groups(said.get(&self.settings.groups_claim)),
        })
    }
}

/// A list of names, or one name.
fn groups(said: Option<&Value>) -> Vec<String> {
    match said {
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::String(name)) => vec![name.clone()],
        _ => Vec::new(),
    }
}

fn value(claims: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(claims) {
        Ok(Value::Object(said)) => said,
        _ => Map::new(),
    }
}

/// The whole payload of a token that was verified: the crate keeps the claims that it knows.
fn payload(token: &str) -> Map<String, Value> {
    let encoded = token.split('.').nth(1).unwrap_or_default();
    let bytes = data_encoding::BASE64URL_NOPAD.decode(encoded.as_bytes()).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

fn undiscovered(error: DiscoveryError<Failed>) -> Fault {
    match error {
        DiscoveryError::Request(failed) => Fault::Unreachable(failed.to_string()),
        DiscoveryError::Response(status, ..) if status.is_server_error() => {
            Fault::Unreachable(status.to_string())
        }
        other => Fault::Unsound(other.to_string()),
    }
}

fn refused(error: RequestTokenError<Failed, StandardErrorResponse<CoreErrorResponseType>>) -> Fault {
    match error {
        RequestTokenError::Request(failed) => Fault::Unreachable(failed.to_string()),
        RequestTokenError::ServerResponse(said) => Fault::Refused(said.error().to_string()),
        other => Fault::Unsound(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn groups_are_a_list_or_one_name() {
        for (said, names) in [
            (json!(["a", "b", 3]), vec!["a", "b"]),
            (json!("a"), vec!["a"]),
            (json!({ "a": 1 }), vec![]),
            (json!(null), vec![]),
        ] {
            assert_eq!(groups(Some(&said)), names);
        }
        assert!(groups(None).is_empty());
    }

    #[test]
    fn a_token_that_is_none_says_nothing() {
        for token in ["", "a", "a.b.c", "a.!.c"] {
            assert!(payload(token).is_empty());
        }
        assert_eq!(payload("x.eyJncm91cHMiOlsiYSJdfQ.y")["groups"], json!(["a"]));
    }
}
