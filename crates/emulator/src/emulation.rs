//! One running emulator: the world behind its lock, and what stands around it.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::activity::Activity;
use crate::agenda::Agenda;
use crate::clock::Clock;
use crate::fixture::{Fixture, FixtureError};
use crate::genesis;
use crate::holds::Holds;
use crate::webhook::Outbox;
use crate::world::World;

/// How exact requests must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strictness {
    /// As forgiving as the real thing: numbers may be written with blanks and brackets, unknown parameters
    /// are passed over.
    #[default]
    Lenient,
    /// Addresses must be E.164 (21211, 21212), and an unknown parameter of a create is refused (20001).
    Strict,
}

pub(crate) struct Emulation {
    world: Mutex<World>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) agenda: Arc<Agenda>,
    pub(crate) activity: Activity,
    pub(crate) holds: Holds,
    pub(crate) strictness: Strictness,
    pub(crate) base_url: String,
    origin: Origin,
}

/// What a reset goes back to.
struct Origin {
    fixture: Fixture,
    seed: u64,
    outbox: Outbox,
}

/// What an emulator is made of.
pub(crate) struct Setting {
    pub(crate) fixture: Fixture,
    pub(crate) seed: u64,
    pub(crate) strictness: Strictness,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) agenda: Arc<Agenda>,
    pub(crate) activity: Activity,
    pub(crate) outbox: Outbox,
    pub(crate) base_url: String,
}

impl Emulation {
    pub(crate) fn new(setting: Setting) -> Result<Self, FixtureError> {
        let Setting { fixture, seed, strictness, clock, agenda, activity, outbox, base_url } = setting;
        let now = clock.now();
        let world =
            genesis::build(&fixture, seed, now, &base_url, strictness, Arc::clone(&agenda), outbox.clone())?;
        Ok(Self {
            world: Mutex::new(world),
            clock,
            agenda,
            activity,
            holds: Holds::default(),
            strictness,
            base_url,
            origin: Origin { fixture, seed, outbox },
        })
    }

    /// Takes the lock. It must never be held across an await.
    pub(crate) fn world(&self) -> Locked<'_> {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.now = self.clock.now();
        Locked(world)
    }

    /// Everything is again as it was at the start; the clock goes on. Messages that webhooks in flight are
    /// about are gone, and their answers do nothing.
    pub(crate) fn reset(&self) -> Result<(), FixtureError> {
        let Origin { fixture, seed, outbox } = &self.origin;
        self.holds.release_all();
        let mut world = self.world();
        self.agenda.clear();
        let mut fresh = genesis::build(
            fixture,
            *seed,
            world.now,
            &self.base_url,
            self.strictness,
            Arc::clone(&self.agenda),
            outbox.clone(),
        )?;
        fresh.messages.begin_after(&world.messages);
        fresh.calls.begin_after(&world.calls);
        *world = fresh;
        Ok(())
    }
}

/// The world, locked.
pub(crate) struct Locked<'a>(MutexGuard<'a, World>);

impl Deref for Locked<'_> {
    type Target = World;

    fn deref(&self) -> &World {
        &self.0
    }
}

impl DerefMut for Locked<'_> {
    fn deref_mut(&mut self) -> &mut World {
        &mut self.0
    }
}
