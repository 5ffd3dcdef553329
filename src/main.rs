//! The `srm-site` program: runs the library and exits with the code it returns.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(srm_site::cli::run(std::env::args_os()) as u8)
}
