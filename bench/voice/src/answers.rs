//! What every caller answers, question by question.

/// The ten answers of one call, as a recogniser hands them over.
pub const ANSWERS: [&str; 10] = [
    "eight",
    "about twenty five minutes",
    "yes they were",
    "no not really",
    "billing",
    "i think three times",
    "sure",
    "from friends",
    "four times",
    "no thank you",
];
