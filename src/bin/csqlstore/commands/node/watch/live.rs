//! The watch on a terminal: a screen that is drawn anew when something changes, and keys.

use std::time::{Duration, Instant};

use csqlstore::health::Report;
use jiff::Timestamp;

use super::Watch;
use super::layout::{self, Choice, Shown};
use super::lines::shortened;
use super::order::{Order, sort};
use super::spark::Glyphs;
use crate::failure::{Failure, Status};
use crate::stop::Stop;
use crate::ui::{Input, Key, Screen, Size, Ui};

/// How often the screen is drawn though nothing has come: ages grow.
const DRAWING: Duration = Duration::from_millis(250);

/// Draws until somebody ends it, or there is nobody any more.
pub(super) async fn run(watch: &mut Watch, stop: &Stop, ui: &Ui) -> Result<Status, Failure> {
    let mut screen = ui.screen()?;
    let mut choice = Choice { keys: screen.listens(), ..Choice::default() };
    let mut drawing = tokio::time::interval(DRAWING);
    drawing.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    let mut size = screen.size();
    let glyphs = Glyphs::of(|name| std::env::var_os(name));
    loop {
        let pressed = tokio::select! {
            event = watch.probing.next() => {
                watch.take(event);
                None
            }
            input = screen.input() => match input {
                Input::Gone => return Ok(Status::Done),
                Input::Redraw => None,
                Input::Key(key) => Some(key),
            },
            signal = stop.requested() => return Ok(signal.status()),
            _ = drawing.tick() => None,
        };
        // Nobody says so where the terminal is not ours to be signalled by.
        if screen.size() != std::mem::replace(&mut size, screen.size()) {
            screen.forget();
        }
        match pressed.map(|key| after(key, &choice)) {
            None => {}
            Some(Pressed::Quit) => return Ok(Status::Done),
            Some(Pressed::Interrupt) => return Ok(Status::Interrupted),
            Some(Pressed::Suspend) => screen.suspend().await,
            Some(Pressed::Redraw) => screen.forget(),
            Some(Pressed::Chosen(chosen)) => choice = chosen,
        }
        let report = watch.watched.report();
        draw(watch, (&report, &mut choice, glyphs), &screen, size);
        if watch.is_over() {
            return Ok(Status::Done);
        }
    }
}

fn draw(watch: &Watch, (report, choice, glyphs): (&Report, &mut Choice, Glyphs), screen: &Screen, size: Size) {
    let now = Instant::now();
    let mut rows = watch.watched.rows(report, now);
    sort(&mut rows, choice.order, choice.reversed);
    let counted = watch.watched.counted.as_ref();
    let sessions = counted
        .map(|counted| (counted.outcome.as_ref().map_err(String::as_str), now.saturating_duration_since(counted.at)));
    let shown = Shown {
        moment: shortened(Timestamp::now()),
        interval: watch.interval,
        report,
        rows,
        sessions,
        queue: watch.thresholds.queue,
        glyphs,
    };
    // Whoever was at the end of what has become shorter goes back from there.
    choice.scrolled = choice.scrolled.min(layout::furthest(&shown, choice, size));
    let lines = layout::lines(&shown, choice, size);
    let style = screen.style();
    screen.draw(lines.iter().map(|line| line.text(&style)).collect());
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pressed {
    Quit,
    Interrupt,
    Suspend,
    Redraw,
    Chosen(Choice),
}

fn after(key: Key, choice: &Choice) -> Pressed {
    let choice = *choice;
    Pressed::Chosen(match key {
        Key::Interrupt => return Pressed::Interrupt,
        Key::Suspend => return Pressed::Suspend,
        Key::Redraw => return Pressed::Redraw,
        Key::Char('q' | 'Q') => return Pressed::Quit,
        Key::Char('?' | 'h') => Choice { help: !choice.help, scrolled: 0, ..choice },
        Key::Escape => Choice { help: false, ..choice },
        Key::Up | Key::Char('k') => Choice { scrolled: choice.scrolled.saturating_sub(1), ..choice },
        Key::Down | Key::Char('j') => Choice { scrolled: choice.scrolled.saturating_add(1), ..choice },
        Key::Char('s') => Choice { order: choice.order.next(), help: false, ..choice },
        Key::Char('r') => Choice { reversed: !choice.reversed, help: false, ..choice },
        Key::Char(key) => match Order::of_key(key) {
            Some(order) => Choice { order, help: false, ..choice },
            None => choice,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_does_what_the_help_says() {
        let usual = Choice { keys: true, ..Choice::default() };
        let helped = Choice { help: true, ..usual };
        for (name, key, before, expected) in [
            ("quit", Key::Char('q'), usual, Pressed::Quit),
            ("quit out of the help", Key::Char('q'), helped, Pressed::Quit),
            ("Ctrl-C", Key::Interrupt, usual, Pressed::Interrupt),
            ("Ctrl-Z", Key::Suspend, usual, Pressed::Suspend),
            ("Ctrl-L", Key::Redraw, usual, Pressed::Redraw),
            ("the help", Key::Char('?'), usual, Pressed::Chosen(helped)),
            ("and back", Key::Char('?'), helped, Pressed::Chosen(usual)),
            ("and back by escape", Key::Escape, helped, Pressed::Chosen(usual)),
            ("escape quits nothing", Key::Escape, usual, Pressed::Chosen(usual)),
            ("the next order", Key::Char('s'), usual, Pressed::Chosen(Choice { order: Order::Name, ..usual })),
            ("an order", Key::Char('v'), helped, Pressed::Chosen(Choice { order: Order::Verdict, ..usual })),
            ("the other way", Key::Char('r'), usual, Pressed::Chosen(Choice { reversed: true, ..usual })),
            ("down", Key::Down, usual, Pressed::Chosen(Choice { scrolled: 1, ..usual })),
            ("up at the top", Key::Char('k'), usual, Pressed::Chosen(usual)),
            ("no key of ours", Key::Char('z'), usual, Pressed::Chosen(usual)),
        ] {
            assert_eq!(after(key, &before), expected, "{name}");
        }
    }
}
