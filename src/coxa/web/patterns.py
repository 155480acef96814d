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
        "%(n)s°, the target of this test, was reached in %(n2)s of %(n3)s repetitions; %(n4)s too close to call."
    ),
    N_(
        "%(title)s: %(first)s %(n)s°, %(second)s %(n2)s°. No difference that counts; the error of this comparison is %(n3)s°."
    ),
    N_(
        "%(title)s: %(first)s %(n)s°, %(second)s %(n2)s°. The %(more)s goes %(n3)s° further; the error of this comparison is %(n4)s°."
    ),
    N_(
        "%(n)s° ± %(n2)s°, reference people %(n3)s° ± %(n4)s° (1 sd): %(told)s, percentile %(n5)s; unverified reference."
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
)
