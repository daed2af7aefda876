//! `<Pay>` and `<Prompt>`: take a payment.

use super::flow::Parameter;
use super::gather::Prompting;
use super::part::{one_of, part};
use crate::words::{HttpMethod, words};

part! {
    /// Take a payment by keys.
    pub struct Pay = "Pay" {
        /// What it is taken by.
        pub input: Option<PayInput> = "input",
        /// Where the result is told, and the next document is.
        pub action: Option<String> = "action",
        /// Where each step is told.
        pub status_callback: Option<String> = "statusCallback",
        /// How it is told.
        pub status_callback_method: Option<HttpMethod> = "statusCallbackMethod",
        /// How long to wait for the next key, in seconds.
        pub timeout_s: Option<u32> = "timeout",
        /// How often a step is tried.
        pub max_attempts: Option<u32> = "maxAttempts",
        /// Whether the card's code is asked for.
        pub security_code: Option<bool> = "securityCode",
        /// Whether the postal code is asked for, or what it is.
        pub postal_code: Option<String> = "postalCode",
        /// How short a postal code may be.
        pub min_postal_code_length: Option<u32> = "minPostalCodeLength",
        /// The connector to who takes the money.
        pub payment_connector: Option<String> = "paymentConnector",
        /// What it is paid with.
        pub payment_method: Option<PaymentMethod> = "paymentMethod",
        /// What kind of token is made where nothing is charged.
        pub token_type: Option<TokenType> = "tokenType",
        /// How much; a token is made unless given.
        pub charge_amount: Option<String> = "chargeAmount",
        /// In which currency.
        pub currency: Option<String> = "currency",
        /// What for.
        pub description: Option<String> = "description",
        /// Which cards are taken.
        pub valid_card_types: Vec<CardType> = "validCardTypes",
        /// The language that is spoken.
        pub language: Option<PayLanguage> = "language",
        /// What kind of account is debited.
        pub bank_account_type: Option<BankAccountType> = "bankAccountType",
    }
    holds
    /// What is said at each step, and settings.
    details: PayDetail
}

one_of! {
    /// What stands in `<Pay>`.
    pub enum PayDetail {
        /// What is said at a step.
        Prompt(Prompt),
        /// A setting.
        Parameter(Parameter),
    }
}

part! {
    /// What is said at a step of a payment.
    pub struct Prompt = "Prompt" {
        /// The step.
        pub step: Option<PayStep> = "for",
        /// After which mistakes.
        pub error_type: Vec<PayError> = "errorType",
        /// For which cards.
        pub card_type: Vec<CardType> = "cardType",
        /// At which attempts.
        pub attempt: Vec<u32> = "attempt",
        /// Whether it is asked twice.
        pub require_matching_inputs: Option<bool> = "requireMatchingInputs",
    }
    holds
    /// What is said.
    prompts: Prompting
}

words! {
    /// What a payment is taken by.
    pub enum PayInput {
        /// Keys.
        Dtmf = "dtmf",
    }
}

words! {
    /// What is paid with.
    pub enum PaymentMethod {
        /// A debit of a bank account.
        AchDebit = "ach-debit",
        /// A card.
        CreditCard = "credit-card",
    }
}

words! {
    /// What kind of token is made.
    pub enum TokenType {
        /// For one payment.
        OneTime = "one-time",
        /// For many payments.
        Reusable = "reusable",
        /// The provider's own.
        PaymentMethod = "payment-method",
    }
}

words! {
    /// A kind of card.
    pub enum CardType {
        /// Visa.
        Visa = "visa",
        /// Mastercard.
        Mastercard = "mastercard",
        /// American Express.
        Amex = "amex",
        /// Maestro.
        Maestro = "maestro",
        /// Discover.
        Discover = "discover",
        /// Optima.
        Optima = "optima",
        /// JCB.
        Jcb = "jcb",
        /// Diners Club.
        DinersClub = "diners-club",
        /// EnRoute.
        Enroute = "enroute",
    }
}

words! {
    /// A kind of bank account.
    pub enum BankAccountType {
        /// A person's current account.
        ConsumerChecking = "consumer-checking",
        /// A person's savings.
        ConsumerSavings = "consumer-savings",
        /// A business's current account.
        CommercialChecking = "commercial-checking",
        /// A business's savings.
        CommercialSavings = "commercial-savings",
    }
}

words! {
    /// A step of a payment.
    pub enum PayStep {
        /// The card's number.
        PaymentCardNumber = "payment-card-number",
        /// When the card ends.
        ExpirationDate = "expiration-date",
        /// The card's code.
        SecurityCode = "security-code",
        /// The postal code.
        PostalCode = "postal-code",
        /// While it is paid.
        PaymentProcessing = "payment-processing",
        /// The account's number.
        BankAccountNumber = "bank-account-number",
        /// The bank's number.
        BankRoutingNumber = "bank-routing-number",
    }
}

words! {
    /// A mistake in a payment.
    pub enum PayError {
        /// Nothing was entered.
        Timeout = "timeout",
        /// The number is no card's.
        InvalidCardNumber = "invalid-card-number",
        /// The card is of a kind that is not taken.
        InvalidCardType = "invalid-card-type",
        /// The date is none, or past.
        InvalidDate = "invalid-date",
        /// The code is none.
        InvalidSecurityCode = "invalid-security-code",
        /// Something else broke.
        InternalError = "internal-error",
        /// Two entries differ.
        InputMatchingFailed = "input-matching-failed",
    }
}

words! {
    /// A language that payments speak.
    pub enum PayLanguage {
        /// German.
        DeDe = "de-DE",
        /// Australian English.
        EnAu = "en-AU",
        /// Canadian English.
        EnCa = "en-CA",
        /// British English.
        EnGb = "en-GB",
        /// Indian English.
        EnIn = "en-IN",
        /// Irish English.
        EnIe = "en-IE",
        /// New Zealand's English.
        EnNz = "en-NZ",
        /// Philippine English.
        EnPh = "en-PH",
        /// South African English.
        EnZa = "en-ZA",
        /// American English.
        EnUs = "en-US",
        /// European Spanish.
        EsEs = "es-ES",
        /// American Spanish.
        EsUs = "es-US",
        /// Canadian French.
        FrCa = "fr-CA",
        /// European French.
        FrFr = "fr-FR",
        /// Italian.
        ItIt = "it-IT",
    }
}
