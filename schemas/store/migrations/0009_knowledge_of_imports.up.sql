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

-- The employers of a statement's certificates are looked for together: a foreign key looks for each of them by itself, which took
-- an eighth of an import. No employer ever goes, so nothing has to be held meanwhile.
alter table certificate drop constraint certificate_employer;
create function require_employers() returns trigger language plpgsql as $$
begin
    if exists (select from fresh f
               where f.employer_id is not null and not exists (select from employer e where e.id = f.employer_id)) then
        raise exception 'a certificate names an employer that is not there'
            using errcode = 'foreign_key_violation', constraint = 'certificate_employer', table = 'certificate';
    end if;
    return null;
end
$$;
create function require_employer() returns trigger language plpgsql as $$
begin
    if not exists (select from employer e where e.id = new.employer_id) then
        raise exception 'a certificate names an employer that is not there'
            using errcode = 'foreign_key_violation', constraint = 'certificate_employer', table = 'certificate';
    end if;
    return new;
end
$$;
create trigger certificate_employers_known after insert on certificate
    referencing new table as fresh for each statement execute function require_employers();
create trigger certificate_employer_known before update of employer_id on certificate
    for each row when (new.employer_id is distinct from old.employer_id and new.employer_id is not null)
    execute function require_employer();
create trigger employer_not_lost before delete on employer for each statement execute function refuse_change();
create trigger employer_not_emptied before truncate on employer for each statement execute function refuse_change();
create trigger employer_keeps_its_id before update of id on employer for each statement execute function refuse_change();

-- Of a name and a birth date the date alone is found by an index: it is small, and few people share one.
drop index person_birth_name;
create index person_birth on person (birth_date);

-- Ids are handed out by the hundred.
alter sequence certificate_id_seq cache 100;
alter sequence person_id_seq cache 100;
