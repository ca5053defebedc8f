"""Where the pure rooms meet the doors: runs jobs and tells its progress."""
