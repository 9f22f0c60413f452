# Sourced by the scripts beside it: a PostgreSQL for the time of one script. Its data is worth nothing, so it does not wait for the disk.
# shellcheck shell=bash

# Sets $scratch, a directory that ends with the script.
make_scratch() {
    # The server's user must be able to enter, which a private TMPDIR may forbid.
    scratch=$(mktemp -d /tmp/ecert-check.XXXXXX)
    chmod 711 "$scratch"
    trap remove_scratch EXIT
}

server_user() { id -un postgres 2>/dev/null || echo nobody; }

# PostgreSQL does not run as root.
as_server() {
    if [[ $(id -u) -eq 0 ]]; then
        (cd / && runuser -u "$(server_user)" -- "$@")
    else
        "$@"
    fi
}

# Starts the server; sets $DATABASE_URL.
start_scratch_database() {
    local programs cluster=$scratch/cluster
    programs=$(postgres_programs)
    # Whoever reaches the socket is trusted.
    mkdir -m 700 "$cluster"
    [[ $(id -u) -ne 0 ]] || chown "$(server_user):" "$cluster"
    as_server "$programs/initdb" --pgdata "$cluster/data" --username ecert --auth trust --encoding UTF8 --locale C --no-sync >"$scratch/log" 2>&1 ||
        { cat "$scratch/log" >&2; fail "The database for the check could not be created."; }
    as_server "$programs/pg_ctl" --pgdata "$cluster/data" --log "$cluster/log" --silent --wait start -o \
        "-c listen_addresses='' -k $cluster -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=300" >/dev/null ||
        { as_server tail -n 20 "$cluster/log" >&2; fail "The database for the check did not start."; }
    server_started=1
    create_database ecert
    DATABASE_URL=$(database_url ecert)
    export DATABASE_URL
}

create_database() { sql postgres -c "create database $1"; }

database_url() { printf 'postgresql://ecert@localhost/%s?host=%s&port=5432' "$1" "$scratch/cluster"; }

# sql DATABASE ARGUMENT...: psql that stops at the first error and says nothing of notices.
sql() {
    local database=$1
    shift
    PGOPTIONS='-c client_min_messages=warning' psql --no-psqlrc --quiet --tuples-only --no-align -v ON_ERROR_STOP=1 --dbname "$(database_url "$database")" "$@"
}

remove_scratch() {
    local status=$?
    if [[ -n ${server_started:-} ]]; then
        as_server "$(postgres_programs)/pg_ctl" --pgdata "$scratch/cluster/data" --silent --mode immediate stop >/dev/null || true
    fi
    rm -rf "$scratch"
    after_scratch "$status"
}

# For the script to replace: called last, with the status it ends with.
after_scratch() { :; }

# Writes apalis's tables and ours as their migration files make them, without our program: it cannot be built while .sqlx is stale.
load_schema() {
    local apalis file
    apalis=$(cargo metadata --manifest-path "$root/Cargo.toml" --format-version 1 --locked |
        tr ',' '\n' | sed -n 's#.*"manifest_path":"\(.*/apalis-postgres-[^"]*\)/Cargo.toml".*#\1#p' | head -n 1)
    [[ -d $apalis/migrations ]] || fail "The migrations of apalis-postgres were not found among cargo's sources."
    sql ecert -c 'create schema apalis'
    for file in "$apalis"/migrations/*.sql "$root"/schemas/store/migrations/*.up.sql; do
        sql ecert --single-transaction --file "$file" >/dev/null
    done
}

# describe_queries DIR: asks the database about every checked query and writes the answers to DIR.
describe_queries() {
    local check=(cargo check --manifest-path "$root/Cargo.toml" --locked --quiet --package store --all-targets --all-features)
    # Once for the dependencies: apalis has checked queries too, which are its own affair.
    SQLX_OFFLINE=false "${check[@]}"
    # Cargo sees no change in a database; the macros run again only for a changed file.
    touch "$root/schemas/store/src/lib.rs"
    SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$1 "${check[@]}"
}
