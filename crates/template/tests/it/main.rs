//! What the message language promises, through its public face.

mod broken;
mod budget;
mod examples;
mod expressions;
mod properties;
mod renders;
mod variables;
