"""From a finished report to its readers: freeze it, have two persons approve it, release it, hand it over, prove it."""
