//! Makes HTTP responses: bytes with a status and a content type.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};

use crate::findings::Digest;
use crate::serve::ranges::{Wanted, wanted};

/// A response with a file or the part of it that was asked for, or the status that the
/// client already has it.
pub(super) fn deliver<'b>(
    headers: &HeaderMap,
    content_type: &'static str,
    hash: &str,
    bytes: impl FnOnce() -> Cow<'b, [u8]>,
) -> Response {
    let etag = format!("\"{hash}\"");
    let mut response = if is_cached_by_client(headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        whole_or_part(headers, content_type, &etag, bytes())
    };
    let own = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&etag) {
        own.insert(header::ETAG, value);
    }
    own.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    response
}

fn whole_or_part(
    headers: &HeaderMap,
    content_type: &'static str,
    etag: &str,
    bytes: Cow<'_, [u8]>,
) -> Response {
    let len = bytes.len();
    let (mut response, range) = match wanted(headers, etag, len) {
        Wanted::Whole => return send(StatusCode::OK, content_type, bytes.into_owned()),
        Wanted::Nothing => {
            let line = format!("the file has {len} bytes");
            let response = text(StatusCode::RANGE_NOT_SATISFIABLE, &line);
            (response, format!("bytes */{len}"))
        }
        Wanted::Part(part) => {
            let range = format!("bytes {}-{}/{len}", part.start, part.end - 1);
            let part = bytes[part].to_vec();
            let response = send(StatusCode::PARTIAL_CONTENT, content_type, part);
            (response, range)
        }
    };
    if let Ok(value) = HeaderValue::from_str(&range) {
        response.headers_mut().insert(header::CONTENT_RANGE, value);
    }
    response
}

/// Whether `If-None-Match` contains the tag of what would be sent.
fn is_cached_by_client(headers: &HeaderMap, etag: &str) -> bool {
    let all = headers.get_all(header::IF_NONE_MATCH).iter();
    let mut tags = all
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim);
    tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

pub(super) fn own_file(
    name: &str,
    text: &'static str,
    hash: &str,
    headers: &HeaderMap,
) -> Response {
    let bytes = || Cow::Borrowed(text.as_bytes());
    deliver(headers, content_type(name), hash, bytes)
}

pub(super) fn html(status: StatusCode, bytes: Vec<u8>) -> Response {
    send(status, "text/html; charset=utf-8", bytes)
}

pub(super) fn text(status: StatusCode, line: &str) -> Response {
    let line = format!("{line}\n").into_bytes();
    send(status, "text/plain; charset=utf-8", line)
}

/// The response if making a page failed.
pub(super) fn broken() -> Response {
    text(
        StatusCode::INTERNAL_SERVER_ERROR,
        "this page could not be made; the terminal may show the reason",
    )
}

pub(super) fn redirect(to: &str) -> Response {
    let mut response = StatusCode::FOUND.into_response();
    if let Ok(value) = HeaderValue::from_str(to) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    response
}

pub(super) fn send(status: StatusCode, content_type: &'static str, bytes: Vec<u8>) -> Response {
    let headers = [(header::CONTENT_TYPE, content_type)];
    (status, headers, Body::from(bytes)).into_response()
}

pub(super) fn hash(bytes: &[u8]) -> String {
    Digest::of_bytes(bytes).to_string()
}

pub(super) fn is_html(path: &str) -> bool {
    content_type(path).starts_with("text/html")
}

pub(super) fn content_type(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending.to_ascii_lowercase().as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "csv" => "text/csv; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "xml" => "application/xml",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "pdf" => "application/pdf",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "mp3" => "audio/mpeg",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "wasm" => "application/wasm",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}
