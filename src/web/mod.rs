//! The JavaScript API: bytes and plain numbers in, one `Float32Array` for each snapshot out. This room
//! computes nothing and knows of no DOM. The docs of its items speak to the person who writes JavaScript.
//!
//! `Backend.connect()` gives a [`Backend`], `backend.network(file)` a [`Network`], `network.maximize(…)` a
//! [`Run`]. JavaScript owns the loop and the settings; images, moments and trace stay here, on the device.
//! The page's wrapper around this module is `www/engine.js`.

mod backend;
mod error;
mod functions;
mod network;
mod panic;
mod run;

pub use self::backend::Backend;
pub use self::functions::{check_settings, class_means, class_prototypes, inspect, paint};
pub use self::network::Network;
pub use self::panic::on_panic;
pub use self::run::Run;
