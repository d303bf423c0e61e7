//! How the crate asks the provider: through our own client, with our own limit on time.

use crate::http::{Client, Failed};
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::Duration;

/// How long one exchange may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The client that the crate asks through.
#[derive(Debug, Clone)]
pub(super) struct Http {
    /// Certificates to trust instead of the system's.
    pub ca_file: Option<PathBuf>,
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = Failed;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Failed>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            // Certificates are read anew: they may have been renewed since the last log-in.
            let answer = Client::new(self.ca_file.as_deref())?.exchange(request, PATIENCE).await?;
            let mut response = HttpResponse::new(answer.body);
            *response.status_mut() =
                answer.status.try_into().map_err(|_| Failed::Http("status".to_owned()))?;
            if let Some(kind) = answer.content_type {
                response.headers_mut().insert(hyper::header::CONTENT_TYPE, kind);
            }
            Ok(response)
        })
    }
}
