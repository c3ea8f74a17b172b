"""What each rule of pages.yml must find, and what it must leave alone. Read by semgrep only, never run."""

from django.views.decorators.csrf import csrf_exempt


# ruleid: no-csrf-exempt
@csrf_exempt
def open_to_all(request):
    pass


# ok: no-csrf-exempt
@require_POST
def with_token(request):
    pass


# ruleid: no-csrf-exempt
loose = NinjaAPI(title="x", csrf=False)
# ok: no-csrf-exempt
strict = NinjaAPI(title="x", auth=django_auth)

# ruleid: mark-safe-has-its-reason
one = mark_safe(text)
# ruleid: mark-safe-has-its-reason
two = mark_safe(text)  # noqa: S308
# ok: mark-safe-has-its-reason
three = mark_safe(text)  # noqa: S308  (every sign that could leave the element is escaped above)


def back(request):
    # ruleid: no-redirect-to-request-data
    return redirect(request.GET["next"])


def back_by_header(request):
    place = request.headers.get("Referer", "/")
    # ruleid: no-redirect-to-request-data
    return HttpResponseRedirect(place)


def back_to_ours(request):
    # ok: no-redirect-to-request-data
    return redirect(forms.next_page(request))


def with_the_same_choices(request):
    # ok: no-redirect-to-request-data
    return redirect(f"{reverse('reporting:index')}?{request.GET.urlencode()}")


def remembered(response):
    # ruleid: cookie-says-who-may-send-it
    response.set_cookie("theme", "dark")
    # ruleid: cookie-says-who-may-send-it
    response.set_cookie("theme", "dark", samesite="Lax")
    # ok: cookie-says-who-may-send-it
    response.set_cookie("theme", "dark", max_age=5, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


def stored(request, folder, content):
    name = request.FILES["file"].name
    # ruleid: no-file-named-by-a-request
    place = folder / name
    # ruleid: no-file-named-by-a-request
    open("/srv/files/" + request.GET["file"])
    # ok: no-file-named-by-a-request
    place = folder / sha256(content).hexdigest()
