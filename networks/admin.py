"""For whoever runs the installation: who is who and who is where, never what was said."""

from django.contrib import admin

from networks.models import ClosingPeriod, Group, Membership, Organisation, Unit, User


class ClosingPeriodInline(admin.TabularInline):
    model = ClosingPeriod
    extra = 0


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    list_display = ["name", "begun_at", "keeps_hours"]
    readonly_fields = ["begun_at"]
    inlines = [ClosingPeriodInline]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        obj.agree()


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "parent", "organisation"]
    list_filter = ["organisation", "kind"]
    search_fields = ["name"]
    autocomplete_fields = ["parent", "head"]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        obj.organisation.keep_the_rule()


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ["name", "email", "organisation", "unit", "is_secretariat"]
    list_filter = ["organisation", "is_secretariat", "is_superuser"]
    search_fields = ["name", "email"]
    ordering = ["sort_name", "pk"]
    fields = [
        "name",
        "email",
        "title",
        "phone",
        "language",
        "organisation",
        "unit",
        "manager",
        "is_secretariat",
        "is_active",
        "is_staff",
        "is_superuser",
    ]
    autocomplete_fields = ["unit", "manager"]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if obj.organisation:
            obj.organisation.keep_the_rule()


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    fields = ["user", "role", "joined_at", "left_at"]
    autocomplete_fields = ["user"]


@admin.register(Group)
class GroupAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "organisation", "status"]
    list_filter = ["organisation", "kind", "status"]
    search_fields = ["name"]
    readonly_fields = ["begun_at", "opening_words"]
    autocomplete_fields = ["unit", "senior_manager"]
    inlines = [MembershipInline]
