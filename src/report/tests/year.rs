//! A year of 50,000 questions, dealt out so that every figure is known before the code under test says it.
//!
//! The quantiles of business time have a formula, for the whole and for each entry, kind, month and hour. The
//! rest is what was dealt, added up.

use super::deal::{
    ANSWERED, Deal, Dealt, Digit, ENTRY, HOUR, KIND, KINDS, MONTH, confirmed, timestamp, wait,
};
use super::office::date;
use crate::report::figures::{distribution, groups, stages};
use crate::report::{
    Band, By, Figures, OLDEST, Overview, Quantiles, ResponseTime, Scope, Stage, StageFigures, Vitals,
};
use crate::thread::{Channel, Fate};
use std::collections::BTreeMap;

/// The group that something dealt belongs to.
type Name<'a> = &'a dyn Fn(&Dealt) -> String;
/// The value of a digit, by the name of the group.
type Value<'a> = &'a dyn Fn(&str) -> usize;

/// The answered question of that rank, from 1, among those with this digit.
fn of_rank(rank: usize, (stride, radix): Digit, value: usize) -> usize {
    let (block, within) = ((rank - 1) / stride, (rank - 1) % stride);
    (block * radix + value) * stride + within
}

/// By nearest rank: the place from 1.
fn place(n: usize, percent: usize) -> usize {
    (n * percent).div_ceil(100)
}

/// The quantiles of business time of those answered questions that have this digit.
fn formula(of: Digit, value: usize) -> Quantiles {
    let n = ANSWERED / of.1;
    let at = |percent| Some(wait(of_rank(place(n, percent), of, value)).cast_unsigned());
    Quantiles { n, median: at(50), p75: at(75), p90: at(90), max: at(100), values: Vec::new() }
}

fn quantiles(mut values: Vec<u64>) -> Quantiles {
    values.sort_unstable();
    let n = values.len();
    let at = |percent| values.get(place(n, percent).max(1) - 1).copied();
    let (median, p75, p90, max) = (at(50), at(75), at(90), at(100));
    Quantiles { n, median, p75, p90, max, values: if n < 5 { values } else { Vec::new() } }
}

/// The figures of what was dealt, added up.
#[allow(clippy::cast_precision_loss)]
fn sum(group: &str, dealt: &[&Dealt]) -> Figures {
    let count = |of: &dyn Fn(&Dealt) -> bool| dealt.iter().filter(|dealt| of(dealt)).count();
    let channel = |of: &Dealt| of.answered.map(|(channel, ..)| channel);
    let fate = |wanted: Fate| move |of: &Dealt| of.offered.is_some_and(|(fate, _)| fate == wanted);
    let answered = || dealt.iter().filter_map(|dealt| dealt.answered);
    let wall = quantiles(answered().map(|(_, wall, ..)| wall).collect());
    let business = quantiles(answered().map(|(_, _, business, _)| business).collect());
    let within = count(&|of| of.answered.is_some_and(|(.., days)| days <= of.target));
    let overdue = count(&|of| of.age.is_some_and(|(.., days)| days > of.target));
    let off_faq = count(&|of| of.entry.is_none());
    let edited = dealt.iter().filter_map(|of| of.offered.filter(|(fate, _)| *fate == Fate::Edited));
    let changed = quantiles(edited.map(|(_, changed)| u64::from(changed)).collect());
    let share = |part: usize, whole: usize| (whole > 0).then(|| part as f64 / whole as f64);
    Figures {
        group: group.to_owned(),
        questions: dealt.len(),
        count: business.n,
        wall_median: wall.median,
        business_median: business.median,
        business_p90: business.p90,
        business_max: business.max,
        within,
        share: share(within, business.n + overdue),
        open: count(&|of| of.age.is_some()),
        overdue,
        closed: count(&|of| of.closed),
        outside: count(&|of| channel(of) == Some(Channel::Outside)),
        spoken: count(&|of| {
            matches!(channel(of), Some(Channel::Telephone | Channel::Meeting | Channel::Other))
        }),
        reopened: count(&|of| of.reopened > 0),
        off_faq,
        off_faq_share: share(off_faq, dealt.len()),
        as_is: count(&fate(Fate::AsIs)),
        edited: count(&fate(Fate::Edited)),
        rejected: count(&fate(Fate::Rejected)),
        changed: changed.median.map(|changed| u8::try_from(changed).unwrap()),
        wall,
        business,
    }
}

/// The groups of what was dealt, by this name.
fn expected(deal: &Deal, name: impl Fn(&Dealt) -> String) -> Vec<Figures> {
    let mut groups: BTreeMap<String, Vec<&Dealt>> = BTreeMap::new();
    deal.dealt.iter().for_each(|dealt| groups.entry(name(dealt)).or_default().push(dealt));
    groups.into_iter().map(|(name, dealt)| sum(&name, &dealt)).collect()
}

fn iso_day(number: usize) -> String {
    match date(number) {
        (13, of_month) => format!("2026-01-{of_month:02}"),
        (month, of_month) => format!("2025-{month:02}-{of_month:02}"),
    }
}

/// 30 December 2024 is the Monday of the first week of 2025.
fn iso_week(number: usize) -> String {
    match (number + 2) / 7 + 1 {
        week @ 1..=52 => format!("2025-W{week:02}"),
        week => format!("2026-W{:02}", week - 52),
    }
}

#[test]
fn a_year_of_fifty_thousand_questions_has_the_figures_that_were_dealt() {
    let deal = Deal::new();
    let (lines, calendar) = (deal.lines(), confirmed());
    assert_eq!(lines.len(), 50_000);
    each_line(&deal, &lines);

    let refs: Vec<&ResponseTime> = lines.iter().collect();
    let now = timestamp(deal.now);
    let overview = Overview::of(&Scope::default(), By::Entry, &refs, now, &calendar, &deal.target);
    let all: Vec<&Dealt> = deal.dealt.iter().collect();
    let whole = sum("", &all);
    assert_eq!(overview.headline, whole);
    // The same by the formula: 60 s for the first, 5 s more for each.
    let headline = &overview.headline;
    assert_eq!(
        (headline.questions, headline.count, headline.open, headline.closed),
        (50_000, 46_080, 2_920, 1_000)
    );
    assert_eq!(headline.business_median, Some(60 + 5 * 23_039));
    assert_eq!(headline.business.p75, Some(60 + 5 * 34_559));
    assert_eq!(headline.business_p90, Some(60 + 5 * 41_471));
    assert_eq!(headline.business_max, Some(60 + 5 * 46_079));
    assert_eq!((headline.outside, headline.spoken), (4_189, 3 * 4_189));
    assert_eq!(overview.unconfirmed, None);

    let names: [(By, Name); 8] = [
        (By::Entry, &|of| of.entry.clone().unwrap_or_default()),
        (By::Kind, &|of| of.kind.to_string()),
        (By::Organisation, &|of| of.organisation.clone()),
        (By::Day, &|of| iso_day(of.received.day)),
        (By::Week, &|of| iso_week(of.received.day)),
        (By::Month, &|of| iso_day(of.received.day)[..7].to_owned()),
        (By::Hour, &|of| format!("{:02}", of.received.second / 3_600)),
        (By::Person, &|of| of.reviewer.clone().unwrap_or_default()),
    ];
    for (by, name) in names {
        let (found, expected) = (groups(&lines, by, &calendar), expected(&deal, name));
        assert_eq!(found.len(), expected.len(), "{by:?}");
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(found, expected, "{by:?}");
        }
    }
    assert_eq!((overview.trend_by, &overview.trend), (By::Month, &groups(&lines, By::Month, &calendar)));
    by_formula(&lines);

    assert_eq!(overview.distribution, bands(&deal));
    assert_eq!(distribution(&refs), bands(&deal));
    assert_eq!(stages(&refs), stage_figures(&deal));
    let oldest: Vec<u64> = overview.oldest.iter().map(|line| line.thread).collect();
    assert_eq!(oldest, longest(&deal));
    vitals(&deal, &refs);
}

/// Every question by itself, before they are put together.
fn each_line(deal: &Deal, lines: &[ResponseTime]) {
    let mut dealt: Vec<&Dealt> = deal.dealt.iter().collect();
    // The questions of a thread lie in `dealt` by their numbers, and the sort keeps that.
    dealt.sort_by_key(|of| (of.received.instant(), of.thread));
    for (line, of) in lines.iter().zip(dealt) {
        let answered = line.answered.zip(line.wall_seconds).zip(line.business_seconds);
        let answered = answered.zip(line.business_days);
        let answered = answered.map(|(((channel, wall), business), days)| (channel, wall, business, days));
        assert_eq!(answered, of.answered, "{line:?}");
        let age = line.age.map(|age| (age.taken.wall_seconds, age.taken.business_seconds, age.business_days));
        assert_eq!(age, of.age, "{line:?}");
        let stages: Vec<(Stage, u64, u64)> = line
            .stages
            .iter()
            .map(|of| (of.stage, of.taken.wall_seconds, of.taken.business_seconds))
            .collect();
        assert_eq!(stages, of.stages, "{line:?}");
        assert_eq!((line.paused_seconds, line.reopened), (of.paused, of.reopened), "{line:?}");
        assert_eq!(
            (u32::from(line.target_days), line.entry.is_none()),
            (of.target, line.off_faq),
            "{line:?}"
        );
        assert!(line.confirmed, "{line:?}");
    }
}

/// The groups that are digits have quantiles by a formula.
fn by_formula(lines: &[ResponseTime]) {
    let calendar = confirmed();
    let of_kind = |name: &str| KINDS.iter().position(|kind| kind.to_string() == name).unwrap();
    let number = |text: &str| text.parse::<usize>().unwrap();
    let digits: [(By, Digit, Value); 4] = [
        (By::Entry, ENTRY, &|name| name.strip_prefix("entree-").map_or(7, number)),
        (By::Kind, KIND, &of_kind),
        (By::Month, MONTH, &|name| number(&name[5..]) - 1),
        (By::Hour, HOUR, &number),
    ];
    for (by, of, value) in digits {
        // In the thirteenth month nothing was answered.
        let groups = groups(lines, by, &calendar);
        let answered: Vec<&Figures> = groups.iter().filter(|group| group.count > 0).collect();
        assert_eq!(answered.len(), of.1, "{by:?}");
        for group in answered {
            assert_eq!(group.business, formula(of, value(&group.group)), "{by:?} {}", group.group);
        }
    }
}

fn bands(deal: &Deal) -> Vec<Band> {
    let days = || deal.dealt.iter().filter_map(|of| of.answered.map(|(.., days)| days));
    let count = |wanted: u32| days().filter(|days| *days == wanted || (wanted == 10 && *days > 10)).count();
    (0..=10).map(|business_days| Band { business_days, count: count(business_days) }).collect()
}

#[allow(clippy::cast_precision_loss)]
fn stage_figures(deal: &Deal) -> Vec<StageFigures> {
    let all = || deal.dealt.iter().flat_map(|of| &of.stages);
    let total: u64 = all().map(|(.., business)| business).sum();
    // What the formula waits, all of it: the stages leave out nothing.
    assert_eq!(total, 60 * 46_080 + 5 * 46_080 * 46_079 / 2);
    let of = |stage: Stage| {
        let found = || all().filter(move |(of, ..)| *of == stage);
        let business: Vec<u64> = found().map(|(.., business)| *business).collect();
        StageFigures {
            stage,
            share: Some(business.iter().sum::<u64>() as f64 / total as f64),
            business: quantiles(business),
            wall: quantiles(found().map(|(_, wall, _)| *wall).collect()),
        }
    };
    [Stage::Draft, Stage::Claim, Stage::Writing, Stage::Delivery, Stage::Elsewhere].map(of).to_vec()
}

/// The threads of those that wait longest.
fn longest(deal: &Deal) -> Vec<u64> {
    let mut open: Vec<&Dealt> = deal.dealt.iter().filter(|of| of.age.is_some()).collect();
    open.sort_by_key(|of| {
        let (wall, business, _) = of.age.unwrap();
        (std::cmp::Reverse((business, wall)), of.received.instant(), of.thread)
    });
    open.into_iter().take(OLDEST).map(|of| of.thread).collect()
}

/// What a monitor reads.
fn vitals(deal: &Deal, lines: &[&ResponseTime]) {
    let mut vitals = Vitals::default();
    lines.iter().for_each(|line| vitals.add(line));
    lines.iter().for_each(|line| vitals.answers.add(line));
    let headline = sum("", &deal.dealt.iter().collect::<Vec<_>>());
    assert_eq!((vitals.answers.business.count, vitals.answers.wall.count), (46_080, 46_080));
    assert_eq!(vitals.answers.business.sum, 60 * 46_080 + 5 * 46_080 * 46_079 / 2);
    // No more than an hour: those up to 708, which wait 60 + 5 × 708 s.
    assert_eq!(vitals.answers.business.buckets[5], 709);
    let walls = deal.dealt.iter().filter_map(|of| of.answered.map(|(_, wall, ..)| wall));
    assert_eq!(vitals.answers.wall.sum, walls.sum::<u64>());
    assert_eq!(vitals.overdue, headline.overdue as u64);
    let mut open: BTreeMap<u32, u64> = BTreeMap::new();
    deal.dealt.iter().filter_map(|of| of.age).for_each(|(.., days)| *open.entry(days).or_default() += 1);
    assert_eq!(vitals.open, open);
    assert_eq!(vitals.levels.into_iter().collect::<Vec<_>>(), [(None, 50_000)]);
}
