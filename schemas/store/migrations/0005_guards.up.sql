-- What the tables must refuse besides UPDATE and DELETE, and indexes for those who look after the ledger.

create trigger event_not_emptied before truncate on certificate_event for each statement execute function refuse_change();
create trigger audit_not_emptied before truncate on audit for each statement execute function refuse_change();
create trigger review_not_emptied before truncate on photo_review for each statement execute function refuse_change();
create trigger order_not_emptied before truncate on issue_order for each statement execute function refuse_change();
create trigger closure_not_emptied before truncate on order_closure for each statement execute function refuse_change();
create trigger document_not_emptied before truncate on document for each statement execute function refuse_change();

-- A closed order never gets its document. The order's row is locked, so that a closure under way is waited for: its
-- foreign key holds that row.
create function refuse_document_of_closed_order() returns trigger language plpgsql as $$
begin
    perform from issue_order where id = new.order_id for update;
    if exists (select from order_closure where order_id = new.order_id) then
        raise exception 'order % is closed', new.order_id
            using errcode = 'restrict_violation', constraint = 'document_order_open', table = 'document';
    end if;
    return new;
end
$$;
create trigger document_order_open before insert on document
    for each row execute function refuse_document_of_closed_order();

-- Leases to watch.
create index job_leased on job (lease_until) where state = 'running';
-- Retries that have not been handed out yet.
create index job_due on job (run_at) where state = 'retrying' and dispatched_at < run_at;
-- Jobs that a task must stand for, in the order in which they are looked through.
create index job_to_begin on job (id) where state in ('waiting', 'retrying');
