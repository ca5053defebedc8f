"""How an answer is written in each protocol, whole or as a stream of events. Pure: no clock, no socket."""
