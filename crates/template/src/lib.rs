//! The message language: `{{name}}`, blocks, operators and functions inside plain text.
//!
//! A [`Template`] is parsed once, asked for the variables it uses, and rendered as often as wanted
//! against a [`Scope`] of values and a [`Context`] of language, time zone and limits. Nothing is
//! escaped, values are never read as templates, and a printed variable that is missing is an error
//! that names it: a text is complete or it is not sent.
//!
//! ```
//! use serde_json::json;
//! use template::{Context, Template};
//!
//! let template = Template::parse("Hi {{name}}, {{formatMoney(total, \"USD\")}} is due.").expect("well formed");
//! let scope = json!({"name": "Ada", "total": 12.5});
//! let scope = scope.as_object().expect("an object");
//! assert_eq!(template.render(scope, &Context::default()).expect("complete"), "Hi Ada, $12.50 is due.");
//! ```
//!
//! The language in full:
//!
//! * `{{expression}}` prints; `{{{{` prints two opening braces.
//! * `{{#if e}}…{{else if e}}…{{else}}…{{/if}}`, `{{#unless e}}…{{/unless}}`, and
//!   `{{#each list}}…{{/each}}` with `this`, `@index` (from 0), `@first`, `@last`.
//! * Operators, tightest first: `!`, `??`, the comparisons `== != < <= > >=`, `&&`, `||`. `??`
//!   binds tighter than a comparison, so that `score ?? 0 > 5` compares the score. `&&` and `||`
//!   give the operand that decided. There is no arithmetic.
//! * Names may contain blanks and hyphens; a run of blanks counts as one. `a.b` goes into an object, `a.0` into a list.
//! * Functions are listed by [`function::all`].

mod context;
mod currency;
mod decimal;
mod error;
mod evaluate;
pub mod function;
mod language;
mod parse;
mod position;
mod render;
mod syntax;
mod template;
mod uses;
mod value;

pub use context::{Context, Limits, Scope};
pub use error::{Budget, ParseError, RenderError, RenderErrorKind};
pub use function::suggest;
pub use parse::{DEPTH_MAX, SOURCE_BYTES_MAX};
pub use position::Position;
pub use template::{Expression, Field, Template};
pub use uses::{Call, Guard, Use};
