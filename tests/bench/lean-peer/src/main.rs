//! The lean peer: one request of the kubelet, one exchange, one answer; no rules, no file, no checks of the token, no retry. It stands for the
//! leanest credential plugin in any language, so it does everything the quick way that its libraries know.
//!
//!   lean-peer API_HOST ORGANIZATION SERVICE [CA_FILE] < request
//!
//! Without CA_FILE it trusts Mozilla's roots, which are compiled in.
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::error::Error;
use std::io::{Read, Write};
use std::sync::Arc;
use std::time::Duration;
use ureq::tls::{parse_pem, PemItem, RootCerts, TlsConfig};

const LIMIT: Duration = Duration::from_secs(5);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    #[serde(borrow)]
    image: Cow<'a, str>,
    #[serde(borrow)]
    service_account_token: Cow<'a, str>,
}

#[derive(Serialize)]
struct Identity<'a> {
    oidc_token: &'a str,
    service_slug: &'a str,
}

#[derive(Deserialize)]
struct Issued<'a> {
    #[serde(borrow)]
    token: Cow<'a, str>,
}

#[derive(Serialize)]
struct Login<'a> {
    username: &'a str,
    password: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Response<'a> {
    kind: &'a str,
    api_version: &'a str,
    cache_key_type: &'a str,
    cache_duration: &'a str,
    auth: BTreeMap<&'a str, Login<'a>>,
}

fn trusted(ca_file: Option<&str>) -> Result<RootCerts, Box<dyn Error>> {
    let Some(path) = ca_file else { return Ok(RootCerts::WebPki) };
    let pem = std::fs::read(path)?;
    let certificates = parse_pem(&pem).filter_map(|item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    });
    Ok(RootCerts::from(certificates))
}

fn client(ca_file: Option<&str>) -> Result<ureq::Agent, Box<dyn Error>> {
    let tls = TlsConfig::builder()
        .root_certs(trusted(ca_file)?)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    // A limit for the whole call would cost a thread, in which ureq then looks up the name.
    Ok(ureq::Agent::new_with_config(
        ureq::Agent::config_builder()
            .https_only(true)
            .proxy(None)
            .max_redirects(0)
            .max_idle_connections(0)
            .timeout_connect(Some(LIMIT))
            .timeout_per_read(Some(LIMIT))
            .timeout_per_write(Some(LIMIT))
            .tls_config(tls)
            .build(),
    ))
}

fn answer(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let [host, organization, service, rest @ ..] = arguments else {
        return Err("usage: lean-peer API_HOST ORGANIZATION SERVICE [CA_FILE]".into());
    };
    let mut question = Vec::new();
    std::io::stdin().read_to_end(&mut question)?;
    let request: Request = serde_json::from_slice(&question)?;
    let registry = request.image.split('/').next().unwrap_or_default();

    let identity = Identity { oidc_token: &request.service_account_token, service_slug: service };
    let body = client(rest.first().map(String::as_str))?
        .post(format!("https://{host}/openid/{organization}/"))
        .header("Content-Type", "application/json")
        .header("Connection", "close")
        .send(&serde_json::to_vec(&identity)?)?
        .body_mut()
        .read_to_vec()?;
    let issued: Issued = serde_json::from_slice(&body)?;

    let response = Response {
        kind: "CredentialProviderResponse",
        api_version: "credentialprovider.kubelet.k8s.io/v1",
        cache_key_type: "Registry",
        cache_duration: "0s",
        auth: BTreeMap::from([(registry, Login { username: "token", password: &issued.token })]),
    };
    std::io::stdout().write_all(&serde_json::to_vec(&response)?)?;
    Ok(())
}

fn main() -> std::process::ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match answer(&arguments) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lean-peer: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}
