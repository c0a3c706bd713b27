-- Events are only ever added. This guards against mistakes and against an app that was taken over;
-- the owner of the table can still disable a trigger or open a pass, a superuser can do anything.
-- Give the app a role of its own with SELECT and INSERT, and keep the owner for migrations.
CREATE FUNCTION "audit_events_refuse"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'audit_events: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
CREATE FUNCTION "audit_events_refuse_delete"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	open boolean;
BEGIN
	-- The pass stands beside the events, whatever the search_path of the caller.
	EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.audit_archive_pass)', TG_TABLE_SCHEMA) INTO open;
	IF NOT open THEN
		RAISE EXCEPTION 'audit_events: only the archive deletes events' USING ERRCODE = 'insufficient_privilege';
	END IF;
	RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "audit_events_no_update" BEFORE UPDATE ON "audit_events"
	FOR EACH STATEMENT EXECUTE FUNCTION "audit_events_refuse"();
--> statement-breakpoint
CREATE TRIGGER "audit_events_no_delete" BEFORE DELETE ON "audit_events"
	FOR EACH STATEMENT EXECUTE FUNCTION "audit_events_refuse_delete"();
--> statement-breakpoint
CREATE TRIGGER "audit_events_no_truncate" BEFORE TRUNCATE ON "audit_events"
	FOR EACH STATEMENT EXECUTE FUNCTION "audit_events_refuse"();
