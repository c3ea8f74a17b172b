"""Settings: `local` on one's own machine, `test` for the test suite, `production` behind a front proxy."""
