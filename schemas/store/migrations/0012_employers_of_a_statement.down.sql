alter function require_employers() reset enable_hashjoin;
