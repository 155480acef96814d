"""A process for one file from outside, that can do little and harm nothing.

Recordings come from anybody, and what decodes them is native code. So it runs in a process of its own that
gives up, before it opens the file, whatever it does not need (:mod:`coxa.adapters.sandbox.confine`): memory,
time and disk beyond a limit, other people's files, the network. It tells what it found by lines of JSON and
by files in its own folder, never by anything that could be run.
"""
