"""What each rule of database.yml must find, and what it must leave alone. Read by semgrep only, never run."""


def searched(request, cursor):
    text = request.GET["q"]
    # ruleid: no-sql-from-request
    cursor.execute(f"SELECT 1 FROM ledger_journal WHERE description = '{text}'")
    # ok: no-sql-from-request
    cursor.execute("SELECT 1 FROM ledger_journal WHERE description = %s", (text,))


def sorted_by(request):
    order = request.POST.get("order")
    # ruleid: no-sql-from-request, no-sql-in-a-page, no-table-in-a-page
    return Journal.objects.raw("SELECT * FROM ledger_journal ORDER BY " + order)


def page_with_sql(request, actor):
    # ruleid: no-sql-in-a-page
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    # ok: no-sql-in-a-page
    return render(request, "page.html", {"rows": queries.journals(chosen)})


def page_with_table(request, actor, voucher_id):
    # ruleid: no-table-in-a-page
    row = Voucher.objects.get(id=voucher_id)
    # ruleid: no-table-in-a-page
    row = get_object_or_404(Voucher, id=voucher_id)
    # ok: no-table-in-a-page
    return queries.voucher(voucher_id=voucher_id)


def tenant_by_hand(cursor, entity_id):
    # ruleid: tenant-named-in-tenancy-only
    cursor.execute(f"SET LOCAL khlang.entity_id = {entity_id}")
    # ruleid: tenant-named-in-tenancy-only
    cursor.execute("SELECT set_config('khlang.user_id', %s, true)", (7,))
    # ok: tenant-named-in-tenancy-only
    cursor.execute("SELECT current_setting('khlang.entity_id')")
    # ok: tenant-named-in-tenancy-only
    cursor.execute("SET LOCAL enable_nestloop = off")


def entity_opened(request, actor, code):
    # ruleid: entity-comes-from-the-actor
    with entity_transaction(queries.entity(code=code).entity_id):
        pass
    # ok: entity-comes-from-the-actor
    with entity_transaction(actor.entity_id, read_only=True):
        pass


def entity_asked(request, actor):
    # ruleid: entity-not-from-request, entity-comes-from-the-actor
    with entity_transaction(int(request.POST["entity_id"])):
        pass
    # ruleid: entity-not-from-request
    queries.journals(entity_id=request.GET["entity"])
    # ok: entity-not-from-request
    queries.journals(entity_id=actor.entity_id, search=request.GET["q"])
