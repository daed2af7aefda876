//! The tones that a caller hears while somebody else is called.

use crate::words::words;

words! {
    /// The country whose ringing tone a caller hears.
    pub enum RingTone {
        /// Austria.
        Austria = "at",
        /// Australia.
        Australia = "au",
        /// Bulgaria.
        Bulgaria = "bg",
        /// Brazil.
        Brazil = "br",
        /// Belgium.
        Belgium = "be",
        /// Switzerland.
        Switzerland = "ch",
        /// Chile.
        Chile = "cl",
        /// China.
        China = "cn",
        /// Czechia.
        Czechia = "cz",
        /// Germany.
        Germany = "de",
        /// Denmark.
        Denmark = "dk",
        /// Estonia.
        Estonia = "ee",
        /// Spain.
        Spain = "es",
        /// Finland.
        Finland = "fi",
        /// France.
        France = "fr",
        /// Greece.
        Greece = "gr",
        /// Hungary.
        Hungary = "hu",
        /// Israel.
        Israel = "il",
        /// India.
        India = "in",
        /// Italy.
        Italy = "it",
        /// Lithuania.
        Lithuania = "lt",
        /// Japan.
        Japan = "jp",
        /// Mexico.
        Mexico = "mx",
        /// Malaysia.
        Malaysia = "my",
        /// Netherlands.
        Netherlands = "nl",
        /// Norway.
        Norway = "no",
        /// New Zealand.
        NewZealand = "nz",
        /// Philippines.
        Philippines = "ph",
        /// Poland.
        Poland = "pl",
        /// Portugal.
        Portugal = "pt",
        /// Russia.
        Russia = "ru",
        /// Sweden.
        Sweden = "se",
        /// Singapore.
        Singapore = "sg",
        /// Thailand.
        Thailand = "th",
        /// United Kingdom.
        UnitedKingdom = "uk",
        /// United States.
        UnitedStates = "us",
        /// United States, long ago.
        UnitedStatesOld = "us-old",
        /// Taiwan.
        Taiwan = "tw",
        /// Venezuela.
        Venezuela = "ve",
        /// South Africa.
        SouthAfrica = "za",
    }
}
