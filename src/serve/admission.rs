//! Decides which requests are answered: those that a browser tab on this machine
//! would send.

use std::net::IpAddr;

use axum::body::HttpBody;
use axum::extract::Request;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::uri::Authority;
use axum::http::{Method, StatusCode};
use axum::response::Response;

use crate::serve::Shared;
use crate::serve::responses::text;

/// Refuses requests that no browser tab on this machine would send. A page of another
/// site can make a browser send requests here, even with a host name of its own that
/// resolves to this machine. The host name shows this.
pub(super) fn admit(shared: &Shared, request: &Request) -> Result<(), Response> {
    let refuse = |status, line: &str| Err(text(status, line));
    let Some(host) = host(request.headers()) else {
        return refuse(
            StatusCode::BAD_REQUEST,
            "a request needs one well-formed Host header",
        );
    };
    for name in [Some(&host), request.uri().authority()]
        .into_iter()
        .flatten()
    {
        if !known(shared, name) {
            let name = name.host();
            return refuse(
                StatusCode::FORBIDDEN,
                &format!(
                    "`{name}` is not a name of this server; allow it with `--allow-host {name}`"
                ),
            );
        }
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        let mut response = text(
            StatusCode::METHOD_NOT_ALLOWED,
            "only GET and HEAD are supported",
        );
        let allow = HeaderValue::from_static("GET, HEAD");
        response.headers_mut().insert(header::ALLOW, allow);
        return Err(response);
    }
    if !request.body().is_end_stream() {
        let mut response = text(
            StatusCode::PAYLOAD_TOO_LARGE,
            "requests with a body are not supported",
        );
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
        return Err(response);
    }
    Ok(())
}

/// The one Host header, if it is well-formed.
fn host(headers: &HeaderMap) -> Option<Authority> {
    let mut all = headers.get_all(header::HOST).iter();
    let (first, None) = (all.next()?, all.next()) else {
        return None;
    };
    let text = first.to_str().ok()?;
    let authority: Authority = text.parse().ok()?;
    let after = text.strip_prefix(authority.host())?;
    let port = after.is_empty() || authority.port_u16().is_some();
    (port && !authority.host().is_empty()).then_some(authority)
}

/// Whether a host name belongs to this server. A numeric address cannot be made to
/// resolve elsewhere, so if the server listens on all addresses, all of them are
/// fine.
fn known(shared: &Shared, authority: &Authority) -> bool {
    let name = authority.host().to_ascii_lowercase();
    let plain = name.strip_prefix('[').and_then(|n| n.strip_suffix(']'));
    if let Ok(ip) = plain.unwrap_or(&name).parse::<IpAddr>() {
        let ip = ip.to_canonical();
        let bound = shared.bound.to_canonical();
        return ip.is_loopback() || ip == bound || bound.is_unspecified();
    }
    name == "localhost" || name.ends_with(".localhost") || shared.hosts.contains(&name)
}

/// Whether a page of another site sent this request.
pub(super) fn foreign(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|v| v.to_str().unwrap_or_default());
    let site = text("sec-fetch-site").is_some_and(|s| s != "same-origin" && s != "none");
    let origin = text("origin").is_some_and(|origin| {
        let (_, from) = origin.split_once("://").unwrap_or_default();
        !from.eq_ignore_ascii_case(text("host").unwrap_or_default())
    });
    site || origin
}
