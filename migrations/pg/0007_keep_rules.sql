-- Archived events are kept as the live ones are.
CREATE TRIGGER "audit_archived_events_no_update" BEFORE UPDATE ON "audit_archived_events"
	FOR EACH STATEMENT EXECUTE FUNCTION "audit_events_refuse"();
--> statement-breakpoint
CREATE TRIGGER "audit_archived_events_no_delete" BEFORE DELETE ON "audit_archived_events"
	FOR EACH STATEMENT EXECUTE FUNCTION "audit_events_refuse_delete"();
--> statement-breakpoint
CREATE TRIGGER "audit_archived_events_no_truncate" BEFORE TRUNCATE ON "audit_archived_events"
	FOR EACH STATEMENT EXECUTE FUNCTION "audit_events_refuse"();
--> statement-breakpoint
-- A manifest stays when its object is gone: the chain of them is what shows that none is missing.
CREATE FUNCTION "audit_books_refuse"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION '%: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
CREATE TRIGGER "audit_archive_manifests_no_update" BEFORE UPDATE OF "id", "number", "place", "tenant", "first_at", "last_at", "count", "manifest" ON "audit_archive_manifests"
	FOR EACH STATEMENT EXECUTE FUNCTION "audit_books_refuse"();
--> statement-breakpoint
CREATE TRIGGER "audit_archive_manifests_no_delete" BEFORE DELETE ON "audit_archive_manifests"
	FOR EACH STATEMENT EXECUTE FUNCTION "audit_books_refuse"();
--> statement-breakpoint
CREATE TRIGGER "audit_archive_manifests_no_truncate" BEFORE TRUNCATE ON "audit_archive_manifests"
	FOR EACH STATEMENT EXECUTE FUNCTION "audit_books_refuse"();
--> statement-breakpoint
-- A hold is released, and stands in the books.
CREATE TRIGGER "audit_holds_no_update" BEFORE UPDATE OF "id", "any_tenant", "tenant", "actor_id", "target_type", "target_id", "from_at", "to_at", "reason", "placed_by", "placed_at" ON "audit_holds"
	FOR EACH STATEMENT EXECUTE FUNCTION "audit_books_refuse"();
--> statement-breakpoint
CREATE TRIGGER "audit_holds_no_second_release" BEFORE UPDATE ON "audit_holds"
	FOR EACH ROW WHEN (OLD."released_at" IS NOT NULL) EXECUTE FUNCTION "audit_books_refuse"();
--> statement-breakpoint
CREATE TRIGGER "audit_holds_no_delete" BEFORE DELETE ON "audit_holds"
	FOR EACH STATEMENT EXECUTE FUNCTION "audit_books_refuse"();
--> statement-breakpoint
CREATE TRIGGER "audit_holds_no_truncate" BEFORE TRUNCATE ON "audit_holds"
	FOR EACH STATEMENT EXECUTE FUNCTION "audit_books_refuse"();
