-- Titles that stand in no row of their file: the keys of JSON Lines, which grow, the fields of a dBASE table, columns that a profile knows by their place.
-- Where a file has header rows, these are rows of intake_row.
create table intake_titles (
    batch_id bigint not null constraint titles_batch references intake_batch (id),
    -- The first row that stands below them; they hold up to the next titles or header row of the sheet.
    from_row bigint not null,
    sheet text not null default '',
    titles text[] not null,
    primary key (batch_id, from_row)
);
