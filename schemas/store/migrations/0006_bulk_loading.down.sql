drop trigger closure_order_open on order_closure;
drop function refuse_closure_of_carried_out_order();
alter function refuse_document_of_closed_order() security invoker reset search_path;
alter table intake_batch
    add column certificates_created bigint not null default 0,
    add column certificates_updated bigint not null default 0,
    add column certificates_unchanged bigint not null default 0;
update intake_batch b
set certificates_created = s.created, certificates_updated = s.updated, certificates_unchanged = s.unchanged
from (select batch_id, sum(certificates_created) as created, sum(certificates_updated) as updated, sum(certificates_unchanged) as unchanged
      from intake_step group by batch_id) s
where b.id = s.batch_id;
delete from intake_row r using intake_batch b where b.id = r.batch_id and b.state = 'running' and b.shape = 'certificates';
update intake_batch set phase = 'read', position = 0 where state = 'running' and shape = 'certificates';
drop table intake_step;
alter table intake_row
    drop column request,
    add column merged boolean not null default false,
    add column certificate_id bigint,
    alter column original drop default,
    alter column original type jsonb using original::text::jsonb,
    alter column original set default '[]',
    alter column employer_code type text collate "default",
    alter column employer_key type text collate "default",
    alter column number type text collate "default",
    alter column id_number type text collate "default",
    alter column id_kind type text collate "default",
    alter column name type text collate "default";
create index certificate_employer on certificate (employer_id);
create index certificate_number on certificate (number);
alter table certificate
    drop constraint certificate_number_unique,
    add constraint certificate_number_unique unique (kind, number),
    alter column number type text collate "default";
alter table employer
    alter column code type text collate "default",
    alter column match_key type text collate "default";
alter table photo
    alter column id_number type text collate "default",
    alter column id_kind type text collate "default";
drop index person_birth_name;
alter table person
    drop constraint person_document_unique,
    add constraint person_document_unique unique (id_kind, id_number),
    alter column id_number type text collate "default",
    alter column id_kind type text collate "default",
    alter column name type text collate "default";
create index person_name_birth on person (name, birth_date);
