-- A million rows faster: what the register knows of an import's rows is asked once for all of them, and what nothing needs is gone.

-- Rows of a running import whose certificate or holder the register knows; forgotten when the import ends.
create table intake_known (
    batch_id bigint not null constraint known_batch references intake_batch (id),
    row_no bigint not null,
    certificate_id bigint,
    person_id bigint,
    primary key (batch_id, row_no),
    constraint known_of_something check (certificate_id is not null or person_id is not null)
);

-- Rows come by COPY in the transaction that notes their step or their batch's position. Checking the batch of each took a third
-- of the time; in its place no batch can go.
alter table intake_row drop constraint row_batch;
create trigger batch_not_lost before delete on intake_batch for each statement execute function refuse_change();
create trigger batch_not_emptied before truncate on intake_batch for each statement execute function refuse_change();

-- Certificates of a batch lie together.
drop index certificate_batch;
create index certificate_batch on certificate using brin (batch_id) with (pages_per_range = 32, autosummarize = on);

-- An import that is being merged by an older program asks the register anew.
update intake_batch set phase = 'resolve' where state = 'running' and phase = 'merge' and shape = 'certificates';
