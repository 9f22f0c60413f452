-- Loading a million rows: keys compare byte by byte whatever the database's locale, an import's steps are rows that any
-- number of lanes may take, and indexes that nothing reads are gone.

alter table person
    alter column name type text collate "C",
    alter column id_kind type text collate "C",
    alter column id_number type text collate "C",
    drop constraint person_document_unique,
    add constraint person_document_unique unique (id_number, id_kind);
drop index person_name_birth;
create index person_birth_name on person (birth_date, name);

alter table photo
    alter column id_kind type text collate "C",
    alter column id_number type text collate "C";

alter table employer
    alter column match_key type text collate "C",
    alter column code type text collate "C";

alter table certificate
    alter column number type text collate "C",
    drop constraint certificate_number_unique,
    add constraint certificate_number_unique unique (number, kind);
drop index certificate_number;
drop index certificate_employer;

alter table intake_row
    alter column name type text collate "C",
    alter column id_kind type text collate "C",
    alter column id_number type text collate "C",
    alter column number type text collate "C",
    alter column employer_key type text collate "C",
    alter column employer_code type text collate "C",
    -- Kept as it was written, and never searched.
    alter column original drop default,
    alter column original type json using original::text::json,
    alter column original set default '[]',
    drop column merged,
    drop column certificate_id,
    -- Whether the electronic certificate is requested when the certificate turns out to be new.
    add column request boolean not null default false;

-- A step is a run of rows that is staged in one transaction and merged in another.
create table intake_step (
    batch_id bigint not null constraint step_batch references intake_batch (id),
    after_row bigint not null,
    upto_row bigint not null,
    merged_at timestamptz,
    certificates_created bigint not null default 0,
    certificates_updated bigint not null default 0,
    certificates_unchanged bigint not null default 0,
    primary key (batch_id, after_row),
    constraint step_has_rows check (upto_row > after_row)
);
create index step_to_merge on intake_step (batch_id, after_row) where merged_at is null;

insert into intake_step (batch_id, after_row, upto_row, merged_at, certificates_created, certificates_updated, certificates_unchanged)
select b.id, 0, max(r.row_no), now(), b.certificates_created, b.certificates_updated, b.certificates_unchanged
from intake_batch b join intake_row r on r.batch_id = b.id
where b.state <> 'running'
group by b.id;

-- An import that an older program had begun begins anew: its staged rows are read again, what it merged is known by now.
delete from intake_row r using intake_batch b where b.id = r.batch_id and b.state = 'running' and b.shape = 'certificates';
update intake_batch set phase = 'read', position = 0 where state = 'running' and shape = 'certificates';

alter table intake_batch
    drop column certificates_created,
    drop column certificates_updated,
    drop column certificates_unchanged;

-- The check of an order locks its row, which no running role may update: it acts with its owner's rights. The other
-- direction: an order that has its document is not closed any more.
alter function refuse_document_of_closed_order() security definer set search_path = public, pg_temp;
create function refuse_closure_of_carried_out_order() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform from issue_order where id = new.order_id for update;
    if exists (select from document where order_id = new.order_id) then
        raise exception 'order % has its document', new.order_id
            using errcode = 'restrict_violation', constraint = 'closure_order_open', table = 'order_closure';
    end if;
    return new;
end
$$;
create trigger closure_order_open before insert on order_closure
    for each row execute function refuse_closure_of_carried_out_order();
