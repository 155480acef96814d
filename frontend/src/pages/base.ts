// What every page needs: partial updates.
import "htmx.org";
