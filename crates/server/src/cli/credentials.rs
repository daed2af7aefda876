//! `switchboard credentials`: secrets go to the server and never come back.

use super::CliError;
use super::story::moment_of;
use super::terminal::{Paint, harmless, print, print_json, print_json_lines, print_table};
use crate::api::credentials::{AccountView, CredentialView, RotationView};
use crate::api::pages::Page;
use crate::client::{Connection, part, query};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value, json};
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Lists credentials, without their secrets
    List(List),
    /// Adds a credential, or replaces the one of that name
    Add(Box<Add>),
    /// Asks the provider whether a credential works, and what its account has
    Test(Test),
    /// Deletes a credential
    Delete(Delete),
    /// Seals all secrets under the newest encryption key, so that older keys can be taken away
    RotateKey(RotateKey),
}

#[derive(Debug, clap::Args)]
pub(super) struct RotateKey {
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// Prints one JSON object a credential
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

/// Secrets are taken from the environment or a file, or asked for, so that they stand in no list of processes.
#[derive(Debug, clap::Args)]
pub(super) struct Add {
    /// What workflows call it
    name: String,
    /// twilio, openai or http
    #[arg(long, default_value = "twilio")]
    kind: String,
    /// All fields as a JSON object, instead of the options below; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Twilio's account: AC…
    #[arg(long, env = "TWILIO_ACCOUNT_SID", value_name = "SID")]
    account_sid: Option<String>,
    /// The account's primary token, which signs webhooks
    #[arg(long, env = "TWILIO_AUTH_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    auth_token: Option<SecretString>,
    /// An API key to make requests with: SK…
    #[arg(long, env = "TWILIO_API_KEY", value_name = "SID")]
    api_key_sid: Option<String>,
    #[arg(long, env = "TWILIO_API_SECRET", hide_env_values = true, value_name = "SECRET")]
    api_key_secret: Option<SecretString>,
    /// OpenAI's key
    #[arg(long, env = "OPENAI_API_KEY", hide_env_values = true, value_name = "KEY")]
    api_key: Option<SecretString>,
    /// Another address of the API: an emulator's, a region's, or another provider's
    #[arg(long, value_name = "URL")]
    api_base: Option<String>,
    /// With kind http, whose secret is piped in: a host that may get it; may be given several times
    #[arg(long, value_name = "HOST")]
    host: Vec<String>,
    /// With kind http: the header that carries the secret, instead of `Authorization: Bearer`
    #[arg(long, value_name = "NAME")]
    header: Option<String>,
    /// With kind http: the user whose password the secret is
    #[arg(long, value_name = "USER", conflicts_with = "header")]
    user: Option<String>,
    /// These are Twilio's test credentials
    #[arg(long)]
    test: bool,
    /// Prints a JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
pub(super) struct Test {
    name: String,
    /// With a credential of kind openai: the model that is asked for a word
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// Prints a JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, clap::Args)]
pub(super) struct Delete {
    name: String,
    #[command(flatten)]
    connection: Connection,
}

pub(super) async fn run(command: Command) -> Result<ExitCode, CliError> {
    match command {
        Command::List(args) => list(args).await,
        Command::Add(args) => add(*args).await,
        Command::Test(args) => test(args).await,
        Command::Delete(args) => {
            args.connection.open()?.delete(&format!("/credentials/{}", part(&args.name))).await?;
            print(&format!("{} is deleted\n", args.name))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::RotateKey(args) => {
            let done: RotationView =
                args.connection.open()?.post("/encryption-key/rotate", &json!({})).await?;
            print(&format!(
                "{} credentials were sealed anew; the older keys are needed no more\n",
                done.rotated
            ))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn list(args: List) -> Result<ExitCode, CliError> {
    let page: Page<CredentialView> = args.connection.open()?.get("/credentials").await?;
    if args.json {
        print_json_lines(&page.items)?;
        return Ok(ExitCode::SUCCESS);
    }
    let row = |credential: &CredentialView| {
        let shown = credential.public.as_object().into_iter().flatten();
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let facts: Vec<String> = shown.map(|(name, value)| format!("{name}={}", text(value))).collect();
        let changed = moment_of(credential.updated_at);
        vec![credential.name.clone(), credential.kind.clone(), changed, facts.join(" ")]
    };
    let rows = page.items.iter().map(row).collect();
    let none = "There are no credentials. Add one with `switchboard credentials add NAME`.";
    print_table(&["NAME", "KIND", "CHANGED (UTC)", "FACTS"], rows, none)?;
    Ok(ExitCode::SUCCESS)
}

async fn add(args: Add) -> Result<ExitCode, CliError> {
    let path = format!("/credentials/{}", part(&args.name));
    let client = args.connection.open()?;
    let body = body(&args)?;
    let kept: CredentialView = client.put(&path, &Value::Object(body)).await?;
    if args.json {
        print_json(&kept)?;
    } else {
        print(&format!(
            "{} is kept; try it out with `switchboard credentials test {}`\n",
            kept.name, kept.name
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn body(args: &Add) -> Result<Map<String, Value>, CliError> {
    if let Some(path) = &args.file {
        let read = if path.as_os_str() == "-" {
            std::io::read_to_string(std::io::stdin())
        } else {
            std::fs::read_to_string(path)
        };
        let text = read.map_err(CliError::io(format!("{} cannot be read", path.display())))?;
        let Ok(Value::Object(mut fields)) = serde_json::from_str(&text) else {
            // The parser's words could repeat a secret.
            return Err(CliError::misused(
                "the file is no JSON object",
                "write {\"accountSid\": …, \"authToken\": …}",
            ));
        };
        fields.entry("kind").or_insert_with(|| args.kind.as_str().into());
        return Ok(fields);
    }
    let mut fields = Map::new();
    let mut put = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            fields.insert(name.to_owned(), value.into());
        }
    };
    put("kind", Some(&args.kind));
    if args.kind == "openai" {
        let key = secret(args.api_key.clone(), "API key")?;
        put("apiKey", key.as_ref().map(|key| key.expose_secret()));
        put("baseUrl", args.api_base.as_deref());
        return Ok(fields);
    }
    if args.kind == "http" {
        let given = secret(None, "secret")?;
        let field = match (&args.header, &args.user) {
            (Some(_), _) => "value",
            (None, Some(_)) => "password",
            (None, None) => "token",
        };
        put(field, given.as_ref().map(|given| given.expose_secret()));
        put("header", args.header.as_deref());
        put("user", args.user.as_deref());
        fields.insert("hosts".to_owned(), json!(args.host));
        return Ok(fields);
    }
    put("accountSid", args.account_sid.as_deref());
    let token = secret(args.auth_token.clone(), "auth token")?;
    put("authToken", token.as_ref().map(|token| token.expose_secret()));
    put("apiKeySid", args.api_key_sid.as_deref());
    put("apiKeySecret", args.api_key_secret.as_ref().map(|secret| secret.expose_secret()));
    put("apiBase", args.api_base.as_deref());
    if args.test {
        fields.insert("test".to_owned(), json!(true));
    }
    Ok(fields)
}

/// The secret that was given, else one line of standard input where somebody pipes it in.
fn secret(given: Option<SecretString>, what: &str) -> Result<Option<SecretString>, CliError> {
    if given.is_some() || std::io::stdin().is_terminal() {
        return Ok(given);
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(CliError::io(format!("the {what} cannot be read")))?;
    let line = line.trim();
    Ok((!line.is_empty()).then(|| SecretString::from(line)))
}

async fn test(args: Test) -> Result<ExitCode, CliError> {
    let client = args.connection.open()?;
    let path = format!("/credentials/{}/test{}", part(&args.name), query(&[("model", args.model.clone())]));
    let account: AccountView = client.post(&path, &json!({})).await?;
    if args.json {
        print_json(&account)?;
    } else {
        print(&told(&account, Paint::for_output()))?;
    }
    Ok(if account.usable { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn told(account: &AccountView, paint: Paint) -> String {
    let verdict = if account.usable { paint.green("works") } else { paint.red("does not work") };
    let mut out = format!("{} {verdict}\n", paint.bold(&account.credential));
    let facts = [
        ("account", Some(&account.account_sid).filter(|sid| !sid.is_empty())),
        ("address", account.base_url.as_ref()),
        ("model", account.model.as_ref()),
        ("name", account.name.as_ref()),
        ("type", account.kind.as_ref()),
        ("status", account.status.as_ref()),
        ("balance", account.balance.as_ref()),
    ];
    for (name, value) in facts {
        if let Some(value) = value {
            out.push_str(&format!("  {name:<8} {}\n", harmless(value)));
        }
    }
    for number in &account.numbers {
        let name = number.name.as_deref().unwrap_or_default();
        let line =
            format!("  number   {} {} {}", number.number, number.capabilities.join("/"), harmless(name));
        out.push_str(line.trim_end());
        out.push('\n');
    }
    for finding in &account.findings {
        let severity = match finding.severity.as_str() {
            "error" => paint.red("error"),
            "warning" => paint.yellow("warning"),
            other => other.to_owned(),
        };
        out.push_str(&format!("{severity}: {}\n", harmless(&finding.message)));
        if let Some(hint) = &finding.hint {
            out.push_str(&format!("  hint: {hint}\n"));
        }
    }
    out
}
