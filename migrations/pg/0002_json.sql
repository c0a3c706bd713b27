-- What a record holds, or NULL when it is no JSON that jsonb can take. A cast would end the whole
-- query, IS JSON and pg_input_is_valid() came with version 16, and neither sees a nesting that is too
-- deep for the stack. Not for parallel workers: the exception block is a subtransaction.
CREATE FUNCTION "audit_json"("record" text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
	RETURN "record"::jsonb;
EXCEPTION WHEN OTHERS THEN
	RETURN NULL;
END
$$;
