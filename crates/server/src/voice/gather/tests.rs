//! How long a part waits for the end of an answer.

use super::super::parts::tests::{saying, standing};
use super::*;

fn writing(done: bool) -> Standing {
    Standing { done, ..standing(Stage::Writing, vec![saying(1, "It is nine.", true)]) }
}

fn far() -> Instant {
    Instant::now() + PATIENCE
}

/// On a slow disk that takes longer than the grace.
#[tokio::test]
async fn an_end_that_is_on_its_way_to_the_disk_is_waited_for() {
    let (sender, watch) = watch::channel(writing(true));
    let stored = async {
        tokio::time::sleep(GRACE * 4).await;
        sender.send_replace(standing(Stage::Listening, vec![saying(1, "It is nine.", true)]));
    };
    let (stands, ()) = tokio::join!(stands(watch, 1, Speaks::Maybe, far()), stored);
    assert_eq!(stands.stage, Stage::Listening);
}

#[tokio::test]
async fn a_model_that_writes_on_keeps_nobody_waiting() {
    let (_sender, watch) = watch::channel(writing(false));
    let stands = stands(watch, 1, Speaks::Maybe, far()).await;
    assert_eq!(stands, writing(false));
}
