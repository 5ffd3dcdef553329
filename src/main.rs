//! The `srm-site` program: hands over to the library and ends with its code.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(srm_site::cli::run(std::env::args_os()) as u8)
}
