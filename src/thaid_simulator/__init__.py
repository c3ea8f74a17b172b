"""A ThaiD to practise on and to test against: not ThaiD, no part of Khlang, and never used with real people."""
