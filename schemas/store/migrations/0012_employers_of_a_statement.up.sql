-- The employers of an import's step are looked for by one hash join: an import forbids those for its own statements, whose plans
-- must hold while tables grow beneath them, and looking up each employer took 3 of 100 parts of a step.
alter function require_employers() set enable_hashjoin = on;
