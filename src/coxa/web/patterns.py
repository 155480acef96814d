"""Sentences of the engine with values in them: those that it fills in, as it says them.

``%(n)s``, ``%(n2)s``: figures; every other value: words, translated in their turn.
"""

from __future__ import annotations

from coxa.web.marks import N_

PATTERNS: tuple[str, ...] = (
    # The coach.
    N_("Switch sides: %(side)s."),
    N_("Rest %(n)s seconds."),
    N_("Breath %(n)s."),
    N_("I cannot see: %(what)s. %(camera)s"),
    # Findings of an assessment.
    N_("Left side: %(words)s"),
    N_("Right side: %(words)s"),
    N_(
        "%(what)s by %(n)s° in %(n2)s of %(n3)s repetitions, beginning at %(n4)s\u202f%% of the motion "
        "(the test allows %(n5)s°). %(cue)s"
    ),
    N_("%(what)s by %(n)s° in %(n2)s of %(n3)s repetitions (the test allows %(n4)s°). %(cue)s"),
    N_(
        "%(what)s by %(n)s° in %(n2)s of 1 repetition, beginning at %(n4)s\u202f%% of the motion "
        "(the test allows %(n5)s°). %(cue)s"
    ),
    N_("%(what)s by %(n)s° in %(n2)s of 1 repetition (the test allows %(n4)s°). %(cue)s"),
    N_("%(n)s° in %(n2)s repetitions, %(words)s."),
    N_("%(n)s° in 1 repetition, %(words)s."),
    N_("nothing that could be watched moved beyond its limit; not watched: %(what)s"),
    N_("%(n)s°, the target of this test, was reached in %(n2)s of %(n3)s repetitions."),
    N_(
        "%(n)s°, the target of this test, was reached in %(n2)s of %(n3)s repetitions; %(n4)s too "
        "close to call."
    ),
    N_(
        "%(title)s: %(first)s %(n)s°, %(second)s %(n2)s°. No difference that counts; the error of "
        "this comparison is %(n3)s°."
    ),
    N_(
        "%(title)s: %(first)s %(n)s°, %(second)s %(n2)s°. The %(more)s goes %(n3)s° further; the "
        "error of this comparison is %(n4)s°."
    ),
    N_(
        "%(n)s° ± %(n2)s°, reference people %(n3)s° ± %(n4)s° (1 sd): %(told)s, percentile %(n5)s; "
        "unverified reference."
    ),
    N_("%(n)s° ± %(n2)s°, reference people %(n3)s° ± %(n4)s° (1 sd): %(told)s, percentile %(n5)s."),
    N_("its error here, %(n)s°, is too large for a limit of %(n2)s°"),
    N_("it was observed in only %(n)s\u202f%% of the frames"),
    N_("too close to call: %(what)s"),
    # The plan and the log.
    N_("Pain %(n)s of 10."),
    N_("Pain %(n)s of 10: hold."),
    N_("Pain %(n)s more the next morning."),
    N_("Effort %(n)s of 10: hold."),
    N_("The log does not tell %(what)s: hold."),
    N_("Pain %(n)s, %(n2)s%% in good form."),
    N_("Retest: %(told)s."),
    N_("With %(more)s, all of it would."),
    # Progress and what needs attention.
    N_("%(n)s days of training"),
    N_("No exercise. %(words)s See %(whom)s, %(soon)s."),
    N_("Nothing was heard since %(day)s"),
    N_("Pain %(n)s of 10 on %(day)s"),
    N_("Pain rose to %(n)s of 10 on %(day)s; %(n2)s was usual"),
    N_("%(n)s of %(n2)s planned sessions done in %(n3)s weeks"),
    N_("The programme ended on %(day)s"),
    N_("Retest since %(day)s: %(test)s"),
    N_("Pain %(n)s, %(n2)s%% in good form, effort %(n3)s."),
    N_("%(n)s%% of repetitions in good form: hold."),
    N_("The gate is open and %(told)s: on to %(stage)s."),
    N_("This is the most of %(stage)s; the next stage wants a retest or control."),
    N_("%(n)s of %(n2)s sessions in a row."),
    N_("%(n)s days without training: from the beginning, after a new screen."),
    N_("%(n)s days without training: the stage before."),
    N_("%(n)s days without training: the step before."),
    N_("%(n)s° ± %(n2)s°, before %(n3)s°, %(told)s"),
    N_("%(n)s of %(n2)s fit."),
    N_("%(exercise)s needs %(things)s; %(other)s takes its place."),
    N_("%(exercise)s needs %(things)s; it is left out."),
    N_("left side: %(n)s°: %(told)s"),
    N_("right side: %(n)s°: %(told)s"),
    N_("left %(n)s°, right %(n2)s°"),
    N_("%(programme)s: %(stage)s."),
    N_("%(words)s See %(whom)s, %(soon)s."),
    N_("%(words)s See %(whom)s: %(soon)s."),
    N_("%(quantity)s left: %(n)s° since %(day)s, more than the error of measuring"),
    N_("%(quantity)s right: %(n)s° since %(day)s, more than the error of measuring"),
    N_("%(quantity)s left: %(n)s° since %(day)s"),
    N_("%(quantity)s right: %(n)s° since %(day)s"),
    N_("pain %(n)s of 10"),
    # The sheet of an assessment.
    N_("%(n)s more minutes a session"),
    N_("Left: %(title)s"),
    N_("Right: %(title)s"),
    N_("Body seen from the front. %(words)s"),
    N_("%(title)s left %(n)s° ± %(n2)s°, %(verdict)s."),
    N_("%(title)s right %(n)s° ± %(n2)s°, %(verdict)s."),
    N_("Who did the moving: %(title)s"),
    N_("Over time: %(title)s"),
    N_("Repetitions: %(title)s"),
    N_("Range: %(title)s"),
    N_("What should move against what should stay: %(title)s"),
    N_("%(title)s (limit %(n)s°)"),
    N_("%(n)s of %(n2)s"),
    N_("%(n)s° in %(n2)s repetitions."),
    N_("%(n)s° ± %(n2)s° in %(n3)s repetitions."),
    N_("%(n)s° ± %(n2)s° in 1 repetition."),
    N_("Measure again the same way before you judge a change: up to %(n)s° can be measuring error."),
    N_("To learn about “%(what)s”: %(remedy)s."),
    N_("To learn about “%(what)s” and “%(other)s”: %(remedy)s."),
    N_("To learn about “%(what)s” and “%(other)s” and %(n)s more: %(remedy)s."),
    N_("Only differences of more than %(n)s° would show and count."),
    N_("Left and right: no difference that counts in any of %(n)s comparisons."),
    N_("%(test)s: protocol %(id)s, version %(n)s"),
)

#: Whole sentences of the engine that stand in its code.
SENTENCES: tuple[str, ...] = (
    N_("Go."),
    N_("A little further."),
    N_("Done. Well worked."),
    N_("Stopped. Let it settle before you go on."),
    N_("no repetition was found."),
    N_("no repetition was found, only partial ones."),
    N_("nothing else moved beyond its limit"),
    N_("This is a screen: no published norm stands behind it. Compare your own sides and dates."),
    N_("it was never observed"),
    N_("this source does not give it"),
    N_("less than usual"),
    N_("more than usual"),
    N_("usual"),
    N_("too close to a boundary to call"),
    N_("the recording began or ended in the middle of it"),
    N_("this source does not show whether anything else moved"),
    N_("It moves when helped: the motion is there, what lacks is control."),
    N_("Help does not set more motion free: what lacks, if anything, is mobility."),
    N_("Only partly done: hold."),
    N_("Answer the screen first."),
    N_("Nothing was found here: it is kept up."),
    N_("All of it does not fit into the days that are free, with their rest days."),
    N_("The new screen allows exercise: again, a stage lower."),
    N_("It hurt too much: the next plan steps back."),
    N_("A symptom stopped all exercise"),
    N_("The safety screen has to be answered"),
    N_("There is no programme yet"),
    N_("Nothing was measured yet"),
    N_("no change that this test can detect"),
    N_("a real gain"),
    N_("a real loss"),
    N_("what should stay stayed"),
    N_("what should stay moved"),
    N_("nothing could be measured"),
    N_("control is shown"),
    N_("the retest moved"),
    N_("Reached: from now on it is kept up."),
    N_("A little more."),
    N_("A step back."),
    N_("low"),
    N_("high"),
    N_("pain"),
    N_("form"),
    N_("internal rotation"),
    N_("external rotation"),
    N_("rotation"),
    N_("extension"),
    N_("flexion"),
    N_("abduction"),
    N_("adduction"),
    N_("hip flexion"),
    N_("hip rotation"),
    N_("hip adduction"),
    N_("knee flexion"),
    N_("pelvis rotation"),
    N_("pelvis obliquity"),
    N_("trunk rotation"),
    N_("raise"),
    N_("bow"),
    N_("depth"),
    N_("lift"),
    N_("rise"),
    N_("turning"),
    N_("hang"),
    N_("tuck"),
    N_("clear"),
    N_("Both sides at a glance"),
    N_("At a glance"),
    N_("You face the person: their right side is on your left. ± is the 95 % interval."),
    N_("nothing that counts was seen"),
    N_("clean"),
    N_("compensated"),
    N_("uncertain"),
    N_("not valid"),
    N_("not told"),
    N_("not done"),
    N_("none that counts"),
    N_("cut off by the recording"),
    N_("turned back early"),
    N_(
        "One row a repetition: its parts, and the motion that was seen (bold; black mark with its 95 % "
        "interval). Tick: clean; triangle: compensated; diamond: too close to call; cross: does not "
        "count; dash: not told. To the right, what else moved: beyond the red line is more than the "
        "test lets pass."
    ),
    N_("seen motion; this recording cannot tell its parts"),
    N_("Motion"),
    N_("Results"),
    N_("Compared"),
    N_("Result (95 %)"),
    N_("Repetitions that count"),
    N_("Verdict"),
    N_("Smallest real change"),
    N_("Read from"),
    N_("Difference (95 %)"),
    N_("Probability of this direction"),
    N_("Least that would show"),
    N_("Counts"),
    N_("yes"),
    N_("no"),
    N_(
        "The smallest real change is how much two measurements of this kind must differ before it is "
        "more than measuring error (19 times out of 20)."
    ),
    N_("Further figures"),
    N_("Figure"),
    N_("No side"),
    N_("All motions"),
    N_("Left less right"),
    N_("Reference people"),
    N_("Independence (ours; nothing published stands behind its scale)"),
    N_("Peak speed"),
    N_("Smoothness"),
    N_("Onset"),
    N_("Repetition"),
    N_("Against reference people"),
    N_("This person"),
    N_("Percentile"),
    N_("Band"),
    N_("Source"),
    N_("hip joint"),
    N_("pelvis"),
    N_("trunk leaning"),
    N_("spine"),
    N_("read at the source"),
    N_("read second-hand"),
    N_("unverified reference"),
    N_("a choice of ours, not published"),
    N_("fitted by us to data"),
    N_("Left and right: no difference that counts."),
    N_(
        "Pain, numbness, weakness or a recent injury: see a physician or physiotherapist, whatever the "
        "figures say."
    ),
    N_(
        "This is a measurement, not a diagnosis. Pain, numbness, weakness or a recent injury belong "
        "before a physician or physiotherapist, whatever the figures say."
    ),
    N_(
        "Joint angles follow the conventions of the International Society of Biomechanics (Wu 2002; "
        "Grood and Suntay 1983), the pelvis in the room Baker (2001). Every angle carries the standard "
        "deviation of its estimate; a result carries the spread of the repetitions too, and what stays "
        "wrong in the same way is not averaged away."
    ),
    N_(
        "A repetition is called compensated only where the probability that the limit was truly "
        "exceeded is high, clean only where it is low, and otherwise too close to call. Only what was "
        "observed carries a verdict."
    ),
)
