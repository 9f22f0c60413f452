drop function enqueue_jobs;
drop function dispatch_jobs;
drop function task_id;
drop table job_attempt;
drop table job;
